package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Objects of other packages that know nothing of transactions, and have one that they give
// back when they are asked: boxes of any type.
// Have: res := result.Of(db.Begin()); tx, err := res.Get()

// takenOut is what a method yields of an object that code which is not in view has made of
// the transaction: where it can be one, it is the transaction, and what is told beside it is
// that all went well.
func (m *machine) takenOut(st *state, c *call, v value) value {
	call := c.instr.Value()
	if call == nil || m.mayBegin(c) {
		return v
	}
	if h := c.recv.(holder); m.syms[h.id].worked && isErrorType(onlyResult(call)) && failureName.MatchString(c.name) {
		return nilVal{}
	}
	results := resultType(call)
	var are []int
	for i := range results.Len() {
		if m.flow.isResultTx(call, i) {
			are = append(are, i)
		}
	}
	if are == nil {
		return v
	}
	one := func(i int, v value) value {
		s, isSym := v.(symVal)
		switch t := results.At(i).Type(); {
		case slices.Contains(are, i) && isSym:
			m.syms[s.id].guess = true
			st.learn(s.id, fact{nilness: isNotNil})
			return holder(s)
		case isErrorType(t):
			return nilVal{}
		case isBool(t):
			return boolVal(true)
		}
		return v
	}
	all, ok := v.(agg)
	if !ok {
		return one(0, v)
	}
	elems := slices.Clone(all.elems)
	for i := range elems {
		elems[i] = one(i, elems[i])
	}
	return agg{elems}
}

// mayBegin reports whether a fact tells of a callee that it begins transactions.
func (m *machine) mayBegin(c *call) bool {
	s := m.summaryOf(c)
	return s != nil && len(s.Begins) > 0
}

// putIn notes that an object was made of the transaction and of an error that is nil: it has
// no other to tell of, as its package knows no transactions.
// Have: res := result.Of(db.Begin()); if err := res.Err(); err != nil { return err }
func (m *machine) putIn(st *state, c *call, made value) {
	h, ok := made.(holder)
	if !ok || !m.isGuess(h) {
		return
	}
	for i, v := range c.args {
		if isErrorType(c.types[i]) && st.nilnessOf(v) == isNil {
			m.syms[h.id].worked = true
		}
	}
}

// isResultTx reports whether result i of a call can be a transaction, or is asserted to be one.
func (f *flow) isResultTx(call *ssa.Call, i int) bool {
	results := resultType(call)
	if f.canBeTx(results.At(i).Type()) {
		return true
	}
	if results.Len() == 1 {
		return f.isTakenForTx(call)
	}
	return slices.ContainsFunc(*call.Referrers(), func(r ssa.Instruction) bool {
		x, ok := r.(*ssa.Extract)
		return ok && x.Index == i && f.isTakenForTx(x)
	})
}

// boxes reports whether a callee takes anything, and yields an object that has a field for
// anything and a method which gives it back.
// Have: func Of(v any) *Box
func (m *machine) boxes(c *call) bool {
	takesAny := false
	for i := range c.params() {
		t := m.paramType(c, i)
		takesAny = takesAny || t != nil && isEmptyInterface(t)
	}
	t := onlyResult(c.instr)
	s, ok := coreStruct(pointerElem(t))
	if !takesAny || !ok || !anyOf(s.Fields(), isEmptyInterface) {
		return false
	}
	for sel := range m.flow.prog.MethodSets.MethodSet(t).Methods() {
		sig := sel.Type().(*types.Signature)
		if sig.Params().Len() == 0 && sig.Results().Len() > 0 && isEmptyInterface(sig.Results().At(0).Type()) {
			return true
		}
	}
	return false
}
