package txflow

import (
	"go/types"
	"slices"
)

// A function of another package may make an iterator of the transaction. If that ended it, the
// fact would tell: one that is made of nothing but the transaction lends it to a query, and
// yields data.
// Have: for n, err := range kit.Rows(ctx, tx, query) { ... }

// isIteration reports whether a loop ranges over such an iterator.
func (m *machine) isIteration(c *call, over holder) bool {
	if c.obj != nil || c.fn != nil || len(c.args) != 1 || !m.syms[over.id].lent {
		return false
	}
	body, ok := unbox(c.args[0]).(fnVal)
	return ok && isRangeBody(body.fn) && !anyOf(body.fn.Signature.Params().Variables(), func(t types.Type) bool {
		return m.flow.mayHold(t) && !isErrorType(t)
	})
}

// markLent notes that a callee of another package, of which the fact tells of no end, has made
// its result of the transaction, and of no code that may end it.
func (m *machine) markLent(st *state, c *call, result value) {
	made, ok := result.(holder)
	if !ok || !m.analysed(c) || c.obj.Pkg() == m.flow.pass.Pkg {
		return
	}
	for i, v := range c.params() {
		if t := m.paramType(c, i); t != nil && types.IsInterface(t) && !isContext(t) && !m.isTx(st, v) && m.flow.isAgent(t) {
			return // it may have been made by that
		}
	}
	m.syms[made.id].lent = !slices.ContainsFunc(c.params(), func(v value) bool {
		return m.reaches(st, v, func(w value) bool {
			switch w := w.(type) {
			case finisher, cancelVal:
				return true
			case holder:
				return m.isGuess(w) && !m.syms[w.id].lent
			case fnVal:
				return m.holds(st, w) || m.flow.endsAnyGiven(w.fn)
			case boxed:
				return m.holds(st, w.v) && !m.isTx(st, w)
			}
			return false
		})
	})
}
