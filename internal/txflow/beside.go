package txflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// What runs beside the function, or when it has returned: goroutines, and functions that
// somebody keeps.

// keepCallback gives argument i to a call that runs it later: what it would do to
// the transaction counts now.
func (m *machine) keepCallback(st *state, c *call, i int) {
	if i >= len(c.args) {
		return
	}
	if f, ok := unbox(c.args[i]).(cancelVal); ok {
		m.cancel(st, f.id)
	}
	m.strays(st, c.args[i], "the cancel of its context is called later")
	if (m.holds(st, c.args[i]) || m.endsTxOtherwise(st, c.args[i])) && m.endsTx(st, c, c.args[i]) {
		m.finish(st)
		m.later = true
	}
	if f, ok := unbox(c.args[i]).(fnVal); ok {
		m.sharesLater(st, c, f)
	}
	m.exposeEnder(st, c.args[i])
}

// sharesLater lets a function literal that runs at some later time write the variables
// that it shares with its function, and the fields of what they lead to: they may be set by
// then.
// Have: go func() { defer wg.Done(); _, err = tx.Exec(query) }(); wg.Wait()
func (m *machine) sharesLater(st *state, c *call, f fnVal) {
	m.storedLater(st, c, f)
	for i, v := range f.bind {
		if _, ok := v.(addr); !ok || m.holds(st, v) || i >= len(f.fn.FreeVars) || !isAssigned(f.fn.FreeVars[i]) {
			continue
		}
		m.spoil(st, c, v)
	}
}

// isAssigned reports whether a function literal assigns a variable that it shares.
func isAssigned(v *ssa.FreeVar) bool {
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		store, ok := r.(*ssa.Store)
		return ok && store.Addr == ssa.Value(v)
	})
}

// endsTx reports whether a function value, when run, might finish or pass on the
// transaction.
func (m *machine) endsTx(st *state, c *call, v value) bool {
	f, ok := unbox(v).(fnVal)
	if !ok || len(f.fn.Blocks) == 0 || len(st.frames) >= maxDepth {
		return true
	}
	outs := m.enter(st.clone(), c, f.fn, f.bind, nil, true)
	return len(outs) == 0 || slices.ContainsFunc(outs, func(o outcome) bool { return o.st.tx != st.tx })
}

// goCall starts a goroutine: it is handed the transaction unless a visible body
// only uses it (T10). It returns the way on which a literal that ends it at times leaves it
// open, nil if there is none.
func (m *machine) goCall(st *state, c *call) (left *step) {
	m.letGo(st, append(c.params(), c.fun)...)
	if f, ok := c.fun.(fnVal); ok {
		defer m.sharesLater(st, c, f)
	}
	if !m.bindsOther(st, c.fun) {
		m.exposeEnder(st, c.fun)
	}
	if st.tx != open {
		return nil
	}
	gets := func(v value) bool { return m.holds(st, v) || m.endsTxOtherwise(st, v) }
	if !m.recvHolds(st, c) && !gets(c.fun) && !slices.ContainsFunc(c.args, gets) {
		return nil
	}
	if c.fn == nil || len(c.fn.Blocks) == 0 || len(st.frames) >= maxDepth {
		m.handOver(st, "it is given to a goroutine")
		m.later = true
		return nil
	}
	outs := m.enter(st.clone(), c, c.fn, c.bind, c.params(), true)
	if len(outs) == 0 || slices.ContainsFunc(outs, func(o outcome) bool { return o.st.tx != open }) {
		m.handOver(st, "it is given to a goroutine that may end it")
		m.later = true
	}
	return wayLeft(c, outs)
}
