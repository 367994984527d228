package txflow

import (
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// Which case of a select is ready, and what that tells.

// isToken reports whether a case of a select takes what the function itself has put
// into a channel of its own that has room for it. Whether anything is left there is
// not followed.
// Have: guard := make(chan struct{}, 1); guard <- struct{}{}
func isToken(s *ssa.SelectState) bool {
	load, ok := s.Chan.(*ssa.UnOp)
	if s.Dir == types.SendOnly {
		return false
	}
	if ok { // a variable that a literal shares
		return slices.ContainsFunc(*load.X.Referrers(), func(r ssa.Instruction) bool {
			other, ok := r.(*ssa.UnOp)
			return ok && isSentTo(other)
		})
	}
	made, ok := s.Chan.(*ssa.MakeChan)
	return ok && isSentTo(made)
}

func isSentTo(ch ssa.Value) bool {
	return slices.ContainsFunc(*ch.Referrers(), func(r ssa.Instruction) bool {
		send, ok := r.(*ssa.Send)
		return ok && send.Chan == ch
	})
}

// selectStmt follows a select: which case was ready, and what was received. That a
// context is done which the transaction is bound to has rolled that back (T9).
func (m *machine) selectStmt(st *state, v *ssa.Select) []*state {
	var ch value
	if len(v.States) > 0 {
		ch = m.eval(st, v.States[0].Chan)
	}
	index := m.received(st, v, "index", ch)
	lo := int64(0)
	if !v.Blocking {
		lo = -1
	}
	st.setFact(index.id, fact{lo: lo, hasLo: true, hi: int64(len(v.States)) - 1, hasHi: true})
	if f, ok := st.fact(index.id).settle(); ok {
		st.setFact(index.id, f)
	}
	elems := []value{index, m.fresh(st, v, "ok")}
	if m.isUnsure(st, v) {
		elems[0] = lost{}
	}
	for i, s := range v.States {
		if s.Dir == types.SendOnly {
			m.letGo(st, m.eval(st, s.Chan))
			m.putInto(st, m.eval(st, s.Chan), m.eval(st, s.Send), "it is sent on a channel")
			continue
		}
		ch := m.eval(st, s.Chan)
		m.takeFrom(st, ch)
		elems = append(elems, m.received(st, v, "recv"+strconv.Itoa(i), ch))
	}
	st.set(v, agg{elems})
	var all []*state
	for _, st := range m.askSignals(st, v, index) {
		for _, st := range m.askTokens(st, v, index) {
			all = append(all, m.askContexts(st, v, index)...)
		}
	}
	return all
}

// askContexts splits a path by whether contexts that a select asks are done.
func (m *machine) askContexts(st *state, v *ssa.Select, index value) []*state {
	all := []*state{st}
	for i, s := range v.States {
		ch := m.eval(st, s.Chan)
		isReady := m.compare(st, tokenEQL, index, intVal(int64(i)))
		if _, never := ch.(nilVal); never && !st.assume(isReady, false) {
			return all[1:]
		}
		ctx := m.doneOf(ch)
		if s.Dir == types.SendOnly || ctx == 0 {
			continue
		}
		done := st.clone()
		if done.assume(isReady, true) {
			m.cancel(done, ctx)
			all = append(all, done)
		}
		if !st.assume(isReady, false) {
			return all[1:]
		}
	}
	return all
}
