package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A callee that is not in view may give the transaction to code of its caller's that ends what it
// is given: a function, one of a list or a map, or what implements an interface.
// Have: return w.With(func(tx *sql.Tx) error { ...; return tx.Commit() }), where w has the transaction

// mayGiveAway reports whether a callee is passed such code, and what leads to the transaction
// beside it, and facts do not tell what becomes of both.
func (m *machine) mayGiveAway(st *state, c *call) bool {
	if st.tx != open || c.looks || c.obj == nil || c.obj.Pkg() == nil || c.fn != nil && len(c.fn.Blocks) > 0 || m.flow.protocols.Describes(c.obj.Pkg().Path()) {
		return false
	}
	params := c.params()
	beside := slices.ContainsFunc(params, func(v value) bool {
		_, isFunc := unbox(v).(fnVal)
		return !isFunc && m.holds(st, v)
	})
	if !beside {
		return false
	}
	for i, v := range params {
		if f, ok := unbox(v).(fnVal); ok {
			if !m.isGivenAs(st, c, f, i) && m.flow.endsAnyGiven(f.fn) {
				return true
			}
			continue
		}
		if b, ok := v.(boxed); ok && !m.isTx(st, v) && m.flow.takesToEnd(b.typ, m.paramType(c, i)) {
			return true
		}
		if m.hasUnknownUsers(c, i, v) || m.reaches(st, v, func(w value) bool {
			f, ok := w.(fnVal)
			return ok && m.flow.endsAnyGiven(f.fn)
		}) {
			return true
		}
	}
	return false
}

// isGivenAs reports whether it is known that argument i, a function, is called with the
// transaction that is passed beside it, and so is followed.
func (m *machine) isGivenAs(st *state, c *call, f fnVal, i int) bool {
	if m.given(st, c, f) == nil {
		return false
	}
	s := m.summaryOf(c)
	return f.fn.Synthetic == "" || s != nil && slices.ContainsFunc(s.Runs, func(r Run) bool { return r.Param == i })
}

// hasUnknownUsers reports whether argument i is a map, or a list that was not written down for
// the call, of functions that take a transaction.
// Have: router.Run("end", tx), where router is a map[string]func(*sql.Tx) error
func (m *machine) hasUnknownUsers(c *call, i int, v value) bool {
	t := m.paramType(c, i)
	if _, isWritten := m.arrayLen(v); t == nil || isWritten || v == value(nilVal{}) {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Map:
		return m.flow.isUser(t.Elem())
	case *types.Slice:
		return m.flow.isUser(t.Elem())
	}
	return false
}

// endsAnyGiven reports whether a function may end, or keep, a transaction that it is given.
func (f *flow) endsAnyGiven(fn *ssa.Function) bool {
	if len(fn.Params) == 0 && len(fn.Blocks) > 0 {
		return false
	}
	obj, _ := fn.Object().(*types.Func)
	if role := f.protocols.Role(obj); obj != nil && role != nil {
		return role.Finish != nil
	}
	if len(fn.Blocks) == 0 {
		return obj != nil && slices.ContainsFunc(f.factOfMake(obj).Uses, Use.endsAny)
	}
	return slices.ContainsFunc(f.usesAsked(fn), Use.endsAny)
}

// takesToEnd reports whether a type implements an interface with a method that may end, or keep,
// the transaction which it is given.
// Have: kit.Serve(tx, handler{})
func (f *flow) takesToEnd(t, given types.Type) bool {
	if given == nil || types.IsInterface(t) {
		return false
	}
	iface, ok := given.Underlying().(*types.Interface)
	if !ok || !f.isAgent(given) {
		return false
	}
	for method := range iface.Methods() {
		if impl := methodOf(t, method); impl != nil && f.endsGiven(impl) {
			return true
		}
	}
	return false
}
