package txflow

import (
	"go/types"
	"slices"
	"strconv"
)

// What a callee does with the functions that it is given: one of which the data or a fact
// tells that it only calls them, and one that is not in view.

// maxTurns bounds how often a callback of unknown code is run again, maxRounds how
// often the body of a range over a function is.
const (
	maxTurns  = 4
	maxRounds = maxDisjuncts
)

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
		if end, ok := unbox(params[r.Param]).(finisher); ok {
			m.runEnd(outs, r, end)
			ran = true
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
			for _, then := range m.applyRun(o.st, c, s, r, f) {
				if then.result == nil {
					then.result = o.result
				}
				next = append(next, then)
			}
		}
		outs, ran = next, true
	}
	return outs, ran
}

// runEnd runs what ends the transaction, of which nothing else is known.
// Have: tx, done, err := store.Start(db); ...; return hold.Finish(done, err)
func (m *machine) runEnd(outs []outcome, r Run, end finisher) {
	for _, o := range outs {
		if r.Once {
			m.end(o.st, end.undoes)
		} else {
			m.lose(o.st, "a function that ends it may be called")
		}
	}
}

// applyRun runs one function that a callee calls. Whether one that ends the transaction has
// been called, the callee may tell in ways that its fact does not.
// Have: either(err == nil, tx.Commit, tx.Rollback)
func (m *machine) applyRun(st *state, c *call, s *Summary, r Run, f fnVal) []outcome {
	sig := c.instr.Common().Signature()
	neverFails := yieldsLastError(sig) && alwaysNil(s.Errors, sig.Results().Len()-1)
	var outs []outcome
	if !r.Once {
		none := st.clone()
		if neverFails {
			none.answer = isNil
		}
		outs = append(outs, outcome{st: none, result: m.answerOf(none, c)})
	}
	ways := m.enter(st, c, f.fn, f.bind, m.given(st, c, f), !r.Once)
	ends := slices.ContainsFunc(ways, func(o outcome) bool { return o.end == returned && o.st.tx != st.tx })
	if !r.Once && ends {
		again, ok := m.runAgain(c, f, ways)
		switch {
		case ok:
			outs, ways = nil, again
		case st.tx == open:
			m.lose(outs[0].st, "a function that ends it may be called")
			return outs[:1]
		}
	}
	if r.Fails {
		ways = tellFailures(ways)
	}
	for _, o := range ways {
		if !r.Returned {
			told := o.st.nilnessOf(lastOf(o.result))
			o = m.dropResult(m.answered(o, f, ends))
			if o.end == returned && (told == isNotNil && r.Fails || told == isNil && r.Works) {
				o.st.answer = told
			}
		}
		if neverFails && !r.Once && o.st.answer == isNotNil {
			continue // it was run again until it did not fail
		}
		if neverFails {
			o.st.answer = isNil
		}
		m.spoilArgs(o.st, c, Case{}, nil)
		m.spoilReceiver(o.st, c)
		if ends && r.Once && isBool(onlyResult(c.instr)) {
			o.result = lost{} // it tells how that went, in one way or the other
		} else if answer := m.answerOf(o.st, c); answer != nil {
			o.result = answer
		}
		outs = append(outs, o)
	}
	return outs
}

// tellFailures tells ways to come out of a function apart by whether its error is nil.
// Have: err := run.Logged(func() error { return err })
func tellFailures(ways []outcome) (told []outcome) {
	for _, o := range ways {
		err, ok := lastOf(o.result).(symVal)
		if o.end != returned || !ok || o.st.nilnessOf(err) != maybeNil {
			told = append(told, o)
			continue
		}
		fails := outcome{st: o.st.clone(), result: o.result}
		if fails.st.assume(cond{tokenEQL, err, nilVal{}, true}, true) {
			told = append(told, fails)
		}
		if o.st.assume(cond{tokenEQL, err, nilVal{}, false}, true) {
			told = append(told, o)
		}
	}
	return told
}

// lastOf is the last of some results.
func lastOf(result value) value {
	if all, ok := result.(agg); ok && len(all.elems) > 0 {
		return all.elems[len(all.elems)-1]
	}
	return result
}

// answerOf is what a callee yields of the function that it has run, nil if that is not known.
func (m *machine) answerOf(st *state, c *call) value {
	if st.answer == maybeNil {
		return nil
	}
	return m.passOn(st, c, m.unknownResult(st, c.instr, resultType(c.instr), false))
}

// runAgain lets a callee run a function that begins, or ends the transaction, at least once,
// and again while it fails (T14); ok is false where the function does not say whether it has failed.
// Have: retry.Do(func() error { if err := work(tx); err != nil { return err }; return tx.Commit() })
func (m *machine) runAgain(c *call, f fnVal, ways []outcome) (all []outcome, ok bool) {
	if !yieldsLastError(f.fn.Signature) || !yieldsLastError(c.instr.Common().Signature()) {
		return nil, false
	}
	seen := make(map[string]bool)
	for turn := 0; len(ways) > 0 && turn < maxTurns; turn++ {
		var next []outcome
		for _, o := range ways {
			key := o.st.Key() + keyOf(agg{[]value{o.result}})
			if o.end != returned || seen[key] {
				continue
			}
			seen[key] = true
			all = append(all, o)
			switch m.answered(outcome{st: o.st.clone(), result: o.result}, f, true).st.answer {
			case maybeNil:
				if o.st.tx == open {
					return nil, false
				}
			case isNotNil:
				next = append(next, m.enter(o.st.clone(), c, f.fn, f.bind, nil, true)...)
			}
		}
		ways = next
	}
	return all, true
}

// alwaysNil reports whether result i is nil in every case.
func alwaysNil(cases []Case, i int) bool {
	return len(cases) > 0 && !slices.ContainsFunc(cases, func(k Case) bool {
		return !slices.ContainsFunc(k.Then, func(is Cond) bool {
			return is.At.Result && is.At.Index == i && is.At.Path == "" && is.Is == condNil
		})
	})
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

// runCallback runs argument i of a call that is known to run it once, and then
// gives back results of which nothing is known.
func (m *machine) runCallback(st *state, c *call, i int, optional bool) []outcome {
	if i >= len(c.args) {
		return returns(st, nil)
	}
	f, ok := unbox(c.args[i]).(fnVal)
	if cancel, ok := unbox(c.args[i]).(cancelVal); ok {
		m.cancel(st, cancel.id)
	}
	if !ok || len(f.fn.Blocks) == 0 || len(st.frames) >= maxDepth {
		if m.holds(st, c.args[i]) {
			m.finishPassed(st, c.args[i])
			m.handOver(st, "a function that has it is passed on")
		}
		return returns(st, nil)
	}
	var outs []outcome
	if optional {
		outs = returns(st.clone(), nil)
	}
	for _, o := range m.enter(st, c, f.fn, f.bind, nil, false) {
		outs = append(outs, m.dropResult(o))
	}
	return outs
}

// answered notes the error that a function value which begins, or ends the transaction, has
// returned to code that is not in view (T14).
func (m *machine) answered(o outcome, f fnVal, ends bool) outcome {
	if o.end == returned && yieldsLastError(f.fn.Signature) && (ends || m.flow.mayOpen(f.fn)) {
		o.st.answer = o.st.nilnessOf(lastOf(o.result))
	}
	return o
}

func yieldsLastError(sig *types.Signature) bool {
	res := sig.Results()
	return res.Len() > 0 && isErrorType(res.At(res.Len()-1).Type())
}

// passOn gives the error of a call, to which a function value of that kind was passed, the
// nilness of the error that this has returned last: it was called again while it failed,
// and what went wrong otherwise is not known (T14).
// Have: err := backoff.Retry(func() error { tx, err = db.Begin(); return err }, policy)
func (m *machine) passOn(st *state, c *call, result value) value {
	if st.answer == maybeNil || !yieldsLastError(c.instr.Common().Signature()) {
		return result
	}
	err := value(nilVal{})
	if st.answer == isNotNil {
		err = m.errorResult(st, c)
	}
	if all, ok := result.(agg); ok {
		elems := slices.Clone(all.elems)
		elems[len(elems)-1] = err
		return agg{elems}
	}
	return err
}

// dropResult forgets what a function value has returned to code that is not in view:
// that has got the transaction, if this is where it is.
// Have: txutil.Run(db.Begin, work)
func (m *machine) dropResult(o outcome) outcome {
	if o.end == returned && o.result != nil && o.st.tx == open && m.holds(o.st, o.result) {
		m.handOver(o.st, "it is returned to the code that called the function")
	}
	o.result = nil
	return o
}

// mayRun passes a function value to unknown code, which may run it any number of
// times. A literal that finishes the transaction is handed over (T11); the body of
// a range over a function is a loop body, and only that.
func (m *machine) mayRun(states []*state, c *call, f fnVal) []*state {
	if len(f.fn.Blocks) == 0 || f.fn.Synthetic != "" && !isRangeBody(f.fn) || len(states[0].frames) >= maxDepth {
		return states
	}
	given := m.given(states[0], c, f)
	if given == nil && !m.isShort(f.fn) && m.isHarmless(states[0], f) {
		for _, s := range states {
			m.spoilShared(s, c, f)
		}
		return states
	}
	loop, turns := isRangeBody(f.fn), maxTurns
	if loop {
		turns = maxRounds
	}
	done := slices.Clone(states)
	seen := make(map[string]bool)
	work := states
	for turn := 0; len(work) > 0 && turn < turns*len(states) && m.capped == ""; turn++ {
		s := work[0]
		work = work[1:]
		s = s.clone()
		s.top().pinned = f
		for _, o := range m.enter(s, c, f.fn, f.bind, given, true) {
			if o.end != returned {
				continue
			}
			o.st.top().pinned = nil
			if !loop {
				o = m.dropResult(m.answered(o, f, false))
			}
			if given != nil && !m.holds(s, f) && m.holds(o.st, f) {
				for _, d := range states {
					m.lose(d, "a function that may keep it is passed to code that is not in view")
				}
			}
			if !loop && s.tx == open && o.st.tx != open {
				for _, d := range done {
					m.keep(d, "a function that ends it is passed to code that is not in view")
				}
				return done
			}
			key := o.st.Key() + strconv.Itoa(int(o.st.answer))
			if o.result != nil {
				key += keyOf(o.result)
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			done = append(done, o.st)
			if !loop && s.tx != open && o.st.tx == open {
				continue // it would be called again only if it had failed
			}
			if truth, known := o.st.decide(o.result); !loop || !known || truth {
				work = append(work, o.st)
			}
		}
	}
	return done
}

// given returns what code that is not in view may call a function value with: the
// transaction that it is passed beside it, where a parameter is of the same type
// (T11). It is nil where there is none.
func (m *machine) given(st *state, c *call, f fnVal) []value {
	for i, a := range c.args {
		if st.tx != open || !m.isTx(st, a) {
			continue
		}
		for j, p := range f.fn.Params {
			if types.Identical(p.Type(), c.types[i]) {
				return append(make([]value, j), handle{})
			}
		}
	}
	return nil
}
