package txflow

import (
	"go/types"
	"iter"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

func resultType(instr ssa.CallInstruction) *types.Tuple {
	return instr.Common().Signature().Results()
}

// anyOf reports whether one of some parameters, results or fields is of such a type.
func anyOf(vars iter.Seq[*types.Var], is func(types.Type) bool) bool {
	for v := range vars {
		if is(v.Type()) {
			return true
		}
	}
	return false
}

// onlyResult returns the type of what a call yields, which is a tuple if that is nothing, or
// more than one value.
func onlyResult(instr ssa.CallInstruction) types.Type {
	res := resultType(instr)
	if res.Len() == 1 {
		return res.At(0).Type()
	}
	return res
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
	if !isErrorType(onlyResult(c.instr)) {
		return false
	}
	for i, a := range c.args {
		if isErrorType(c.types[i]) && st.nilnessOf(a) == isNotNil {
			return true
		}
		if _, listed := m.listed(st, a); slices.ContainsFunc(listed, func(v value) bool { return m.isFailure(st, v) }) {
			return true // errs.Combine(err, errClosed)
		}
	}
	return soundsLikeError(c.name) && !m.passesTx(st, c) && !slices.ContainsFunc(c.types, isContext) || isErrorMaker(c.obj)
}

// isFailure reports whether a value is an error that is not nil.
func (m *machine) isFailure(st *state, v value) bool {
	s, ok := v.(symVal)
	return ok && m.isErrorSymbol(s.id) && st.nilnessOf(v) == isNotNil
}

// isErrorSymbol reports whether a symbol stands for an error.
func (m *machine) isErrorSymbol(s symID) bool {
	if m.isSentinel(s) {
		return true
	}
	info := &m.syms[s]
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
	st.setFact(err.id, fact{nilness: isNotNil})
	return err
}

// failsWithout is the outcome of a call that yields an error: the values beside it hold no
// transaction that is to be ended by them. It is told apart from the one without an error, which
// s becomes; it is nil where the call yields none.
// Have: if a.driver, err = a.dialect.open(tx); err != nil { return err }
func (m *machine) failsWithout(s *state, c *call, results agg) *outcome {
	last := len(results.elems) - 1
	err, ok := results.elems[last].(symVal)
	if !ok || !isErrorType(resultType(c.instr).At(last).Type()) {
		return nil
	}
	fails := s.clone()
	fails.learn(err.id, fact{nilness: isNotNil})
	s.learn(err.id, fact{nilness: isNil})
	s.split, fails.split = err.id, err.id
	for _, v := range results.elems {
		if h, ok := v.(holder); ok {
			m.syms[h.id].beside = err.id
		}
	}
	return &outcome{st: fails, result: results}
}

// cameWithError reports whether a value is what a call has yielded beside an error that is not
// nil. It may be there nevertheless, and closed by who has called.
// Have: if l.batch, err = l.start(tx); err != nil { return errors.Join(err, l.batch.Close()) }
func (m *machine) cameWithError(st *state, v value) bool {
	h, ok := v.(holder)
	return ok && m.syms[h.id].beside != 0 && st.fact(m.syms[h.id].beside).nilness == isNotNil
}

// isStored reports whether one of several values that a call yields is stored in an object.
func isStored(call ssa.Value) bool {
	return call != nil && slices.ContainsFunc(*call.Referrers(), func(r ssa.Instruction) bool {
		e, ok := r.(*ssa.Extract)
		return ok && slices.ContainsFunc(*e.Referrers(), func(r ssa.Instruction) bool {
			s, ok := r.(*ssa.Store)
			if !ok || s.Val != ssa.Value(e) {
				return false
			}
			_, isField := s.Addr.(*ssa.FieldAddr)
			return isField
		})
	})
}
