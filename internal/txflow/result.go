package txflow

import (
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

func resultType(instr ssa.CallInstruction) types.Type {
	return instr.Common().Signature().Results()
}

// unknownResult makes symbols for the results of a call. With wraps, those that
// can hold a transaction may hold this one.
func (m *machine) unknownResult(st *state, instr ssa.CallInstruction, t types.Type, wraps bool) value {
	v := instr.Value()
	if v == nil {
		return top{}
	}
	one := func(sub string, t types.Type) value {
		s := m.fresh(st, v, sub)
		if wraps && m.flow.mayHold(t) {
			m.syms[s.id].guess = true
			return holder(s)
		}
		return s
	}
	tuple, ok := t.(*types.Tuple)
	switch {
	case !ok:
		return one("", t)
	case tuple.Len() == 1:
		return one("", tuple.At(0).Type())
	}
	elems := make([]value, tuple.Len())
	for i := range elems {
		elems[i] = one("#"+strconv.Itoa(i), tuple.At(i).Type())
	}
	return agg{elems}
}

// yieldsError reports whether a call is taken to yield an error that is not nil:
// it is given one and makes an error from it, or is named like a constructor of
// errors. Without a body to look at this errs quiet.
func (m *machine) yieldsError(st *state, c *call) bool {
	res := c.instr.Common().Signature().Results()
	if res.Len() != 1 || !isErrorType(res.At(0).Type()) {
		return false
	}
	for i, a := range c.args {
		if isErrorType(c.types[i]) && st.nilnessOf(a) == isNotNil {
			return true
		}
		if n, ok := m.arrayLen(a); ok && n <= maxListed && m.hasError(st, a.(addr), n) {
			return true
		}
	}
	return soundsLikeError(c.name) || isErrorMaker(c.obj)
}

// maxListed bounds the elements of a list of arguments that are looked at: an array may have
// any size, as where a slice is made of memory that is mapped.
const maxListed = 32

// hasError reports whether one of the n elements of a list of arguments is an error that is
// not nil.
// Have: errs.Combine(err, errClosed)
func (m *machine) hasError(st *state, list addr, n int64) bool {
	for i := range n {
		v := st.heap[loc{list.cell, fieldPath(list.path, int(i))}]
		if s, ok := v.(symVal); ok && m.isErrorSymbol(s.id) && st.nilnessOf(v) == isNotNil {
			return true
		}
	}
	return false
}

// isErrorSymbol reports whether a symbol stands for an error.
func (m *machine) isErrorSymbol(s symID) bool {
	info := &m.syms[s]
	if info.sub == sentinelSub {
		return true
	}
	if info.v == nil {
		return false
	}
	t := info.v.Type()
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		return isErrorType(tuple.At(tuple.Len()-1).Type()) && info.sub == "#"+strconv.Itoa(tuple.Len()-1)
	}
	return isErrorType(t)
}

func (m *machine) errorResult(st *state, c *call) value {
	if c.instr.Value() == nil {
		return top{}
	}
	err := m.yielded(st, c, "")
	st.facts[err.id] = fact{nilness: isNotNil}
	return err
}
