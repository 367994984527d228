package txflow

import "slices"

// What a callee does with the functions that it is given, where its fact tells that it
// only calls them.

// applyRuns passes function literals to a callee that only calls them, one after the other.
func (m *machine) applyRuns(st *state, c *call, s *Summary) ([]outcome, bool) {
	params := c.params()
	for i, v := range params {
		isRun := slices.ContainsFunc(s.Runs, func(r Run) bool { return r.Param == i })
		if f, ok := unbox(v).(fnVal); ok && !isRun && m.mayEnd(st, c, f) {
			m.lose(st, "a function that ends it may be called")
		}
	}
	outs, ran := []outcome{{st: st}}, false
	for _, r := range s.Runs {
		if r.Param >= len(params) {
			continue
		}
		f, ok := unbox(params[r.Param]).(fnVal)
		if !ok {
			continue
		}
		if len(f.fn.Blocks) == 0 || len(st.frames) >= maxDepth {
			return nil, false
		}
		var next []outcome
		for _, o := range outs {
			if o.end != returned {
				next = append(next, o)
				continue
			}
			next = append(next, m.applyRun(o.st, c, r, f)...)
		}
		outs, ran = next, true
	}
	return outs, ran
}

// applyRun runs one function that a callee calls. Whether one that ends the transaction has
// been called, the callee may tell in ways that its fact does not.
// Have: either(err == nil, tx.Commit, tx.Rollback)
func (m *machine) applyRun(st *state, c *call, r Run, f fnVal) []outcome {
	var outs []outcome
	if !r.Once {
		outs = append(outs, outcome{st: st.clone()})
	}
	for _, o := range m.enter(st, c, f.fn, f.bind, m.given(st, c, f), !r.Once) {
		if !r.Once && st.tx == open && o.end == returned && o.st.tx != open {
			m.lose(outs[0].st, "a function that ends it may be called")
			return outs[:1]
		}
		if !r.Returned {
			o = m.dropResult(m.answered(o, f))
		}
		m.spoilArgs(o.st, c, Case{}, nil)
		if o.st.answer != maybeNil {
			o.result = m.passOn(o.st, c, m.unknownResult(o.st, c.instr, resultType(c.instr), false))
		}
		outs = append(outs, o)
	}
	return outs
}

// passesEnd reports whether a function that may end the transaction is among the arguments
// of a call, beside the transaction itself.
// Have: guard(tx, func() error { ...; return tx.Commit() })
func (m *machine) passesEnd(st *state, c *call) bool {
	return slices.ContainsFunc(c.args, func(v value) bool {
		f, ok := unbox(v).(fnVal)
		return ok && m.mayEnd(st, c, f)
	})
}

// mayEnd reports whether a function may end the open transaction when it is called.
func (m *machine) mayEnd(st *state, c *call, f fnVal) bool {
	return st.tx == open && m.holds(st, f) && !m.isHarmless(st, f) && m.endsTx(st, c, f)
}
