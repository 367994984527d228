package txflow

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// maxTurns bounds how often a callback of unknown code is run again, maxRounds how
// often the body of a range over a function is.
const (
	maxTurns  = 4
	maxRounds = maxDisjuncts
)

// follow runs the body of the callee in place, where it can matter to the
// transaction: function literals, which share variables with their function, and
// functions that are given the transaction or pointers to local variables.
func (m *machine) follow(st *state, c *call) ([]outcome, bool) {
	c.lent = m.onlyLent(st, c)
	if c.fn == nil || len(c.fn.Blocks) == 0 || m.isOfLibrary(st, c) && !m.beginning(st, c.instr) || !m.worthFollowing(st, c) {
		return nil, false
	}
	if !st.canEnter(c.fn, c.bind) {
		recursive := st.isIn(c.fn, c.bind)
		if recursive && c.bind != nil && m.holds(st, c.fun) && !m.isHarmless(st, fnVal{c.fn, c.bind}) {
			m.lose(st, "a function literal that has it calls itself")
		}
		for i, p := range c.params() {
			if m.holds(st, p) && !(m.inductive && recursive) && !m.onlyUses(c.fn.Params[i]) {
				m.lose(st, "it is passed to a recursive call, or one nested too deep")
			}
		}
		return nil, false
	}
	return m.enter(st, c, c.fn, c.bind, c.params(), false), true
}

// canEnter reports whether fn can be run in place.
func (st *state) canEnter(fn *ssa.Function, bind []value) bool {
	return len(st.frames) < maxDepth && !st.isIn(fn, bind)
}

// isIn reports whether fn is being run, and if it is a literal, with the same variables.
// Have: logged(logged(tx.Commit))()
func (st *state) isIn(fn *ssa.Function, bind []value) bool {
	return slices.ContainsFunc(st.frames, func(f *frame) bool {
		return f.fn == fn && !slices.ContainsFunc(fn.FreeVars, func(v *ssa.FreeVar) bool {
			i := slices.Index(fn.FreeVars, v)
			return i < len(bind) && f.regs[v] != nil && !same(f.regs[v], bind[i])
		})
	})
}

// isOfLibrary reports whether a callee is a method that a library offers on its
// transactions. In the library's own package and its tests it is taken for what it is
// elsewhere: what it does to a transaction is the data's to say.
func (m *machine) isOfLibrary(st *state, c *call) bool {
	return c.obj != nil && c.obj.Pkg() != nil && c.obj.Exported() && c.recv != nil && m.isTx(st, c.recv) &&
		m.flow.protocols.Describes(c.obj.Pkg().Path()) && !isTestFile(m.flow.pass.Fset, c.obj.Pos())
}

func isTestFile(fset *token.FileSet, pos token.Pos) bool {
	return strings.HasSuffix(fset.Position(pos).Filename, "_test.go")
}

// params returns the arguments as the callee's body sees them.
func (c *call) params() []value {
	if c.recv != nil {
		return append([]value{c.recv}, c.args...)
	}
	return c.args
}

func (m *machine) worthFollowing(st *state, c *call) bool {
	if c.fn.Parent() != nil || isWrapper(c.fn) {
		return true
	}
	if m.beginning(st, c.instr) && m.flow.mayOpen(c.fn) {
		return true
	}
	if m.flow.makesCancel(c.fn) && m.isShort(c.fn) {
		return true // perhaps only at times, and nil at others
	}
	if m.flow.opts.Panics && st.tx == open && len(c.fn.Blocks) <= smallBlocks && m.flow.mayPanic(c.fn) {
		return true
	}
	for _, a := range c.params() {
		if id := contextID(a); id != 0 && st.tx == open && m.boundTo(st, id) && m.isShort(c.fn) && asksContext(c.fn) {
			return true
		}
		switch v := unbox(a).(type) {
		case fnVal:
			if len(v.bind) > 0 && (m.isShort(c.fn) || !m.isHarmless(st, v)) {
				return true
			}
		case addr:
			if m.isShort(c.fn) && !m.cells[v.cell].external || !c.lent && m.holds(st, v) {
				return true
			}
		default:
			if !c.lent && m.holds(st, a) {
				return true
			}
		}
	}
	return false
}

// smallBlocks is the size up to which a callee that only gets a pointer to a local
// variable is followed rather than trusted with anything.
const smallBlocks = 24

// smallBranches is how many branches such a callee may have: each may double the
// paths through it.
const smallBranches = 5

// isShort reports whether running fn in place costs little: no loop, few branches.
func (m *machine) isShort(fn *ssa.Function) bool {
	if len(fn.Blocks) > smallBlocks || len(m.flow.info(fn).inLoop) > 0 {
		return false
	}
	branches := 0
	for _, b := range fn.Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			branches++
		}
	}
	return branches <= smallBranches
}

// beginning reports whether the calls being followed come from the call that is
// the obligation's Begin, so that what they open is its transaction.
func (m *machine) beginning(st *state, instr ssa.Instruction) bool {
	if m.ob.call == nil {
		return false
	}
	return instr == ssa.Instruction(m.ob.call) || slices.ContainsFunc(st.frames, func(f *frame) bool {
		return f.by == ssa.Instruction(m.ob.call)
	})
}

// enter runs fn as a call inside the current path.
func (m *machine) enter(st *state, c *call, fn *ssa.Function, bind, params []value, repeat bool) []outcome {
	now := m.now
	defer func() { m.now = now }()
	caller := st.top()
	b := c.instr.Block()
	fr := m.newFrame(fn)
	fr.ctx, fr.by, fr.deferred = m.inner(caller.ctx, c.instr), c.instr, c.deferred
	fr.repeat = repeat || caller.repeat || m.flow.info(b.Parent()).inLoop[b]
	for i, p := range fn.Params {
		if i < len(params) && params[i] != nil {
			fr.regs[p] = params[i]
		}
	}
	for i, v := range fn.FreeVars {
		if i < len(bind) {
			fr.regs[v] = bind[i]
		}
	}
	before := st.tx
	inner := st.clone()
	pinned := caller.pinned
	inner.top().pinned = agg{append([]value{agg{params}}, asList(pinned)...)}
	inner.push(fr)
	for i, p := range fn.Params {
		if i >= len(params) || params[i] == nil {
			fr.regs[p] = m.fresh(inner, p, "")
		}
	}
	m.collect(inner)
	var outs []outcome
	for _, e := range m.run(inner) {
		s := e.st
		s = s.clone()
		s.pop()
		passed := s.top().pinned.(agg).elems
		s.top().pinned = pinned
		if len(passed) > 1 {
			s.top().pinned = passed[1]
		}
		if e.kind != returned && e.kind != recovered {
			outs = append(outs, outcome{st: s, end: e.kind, at: c.instr})
			continue
		}
		var result value = agg{e.results}
		switch {
		case len(e.results) == 1:
			result = e.results[0]
		case e.kind == recovered && len(e.results) == 0 && fn.Signature.Results().Len() > 0:
			result = zero(fn.Signature.Results(), maxNesting)
		}
		if before != open && s.tx == open && !isRangeBody(fn) && !m.reachable(s, result) && !m.holds(s, passed[0]) {
			s.tx = unknown // reported there
			m.settled(s, "the callee has left it open itself")
		}
		outs = append(outs, outcome{st: s, result: result})
	}
	return outs
}

func asList(v value) []value {
	if v == nil {
		return nil
	}
	return []value{v}
}

// reachable reports whether anything on the path, or v, leads to the transaction.
func (m *machine) reachable(st *state, v value) bool {
	if m.holds(st, v) {
		return true
	}
	for _, f := range st.frames {
		for _, r := range f.regs {
			if m.holds(st, r) {
				return true
			}
		}
		for _, d := range f.defers {
			if m.holds(st, d.fun) || m.holds(st, agg{d.args}) {
				return true
			}
		}
	}
	return false
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

// answered notes the error that a function value which begins has returned to code that
// is not in view (T14).
func (m *machine) answered(o outcome, f fnVal) outcome {
	if o.end == returned && yieldsLastError(f.fn.Signature) && m.flow.mayOpen(f.fn) {
		v := o.result
		if all, ok := v.(agg); ok && len(all.elems) > 0 {
			v = all.elems[len(all.elems)-1]
		}
		o.st.answer = o.st.nilnessOf(v)
	}
	return o
}

func yieldsLastError(sig *types.Signature) bool {
	res := sig.Results()
	return res.Len() > 0 && isErrorType(res.At(res.Len()-1).Type())
}

// passOn gives the error of a call, to which a function value that begins was passed, the
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

// keepCallback gives argument i to a call that runs it later: what it would do to
// the transaction counts now.
func (m *machine) keepCallback(st *state, c *call, i int) {
	if i >= len(c.args) {
		return
	}
	if f, ok := unbox(c.args[i]).(cancelVal); ok {
		m.cancel(st, f.id)
	}
	if (m.holds(st, c.args[i]) || m.endsTxOtherwise(st, c.args[i])) && m.endsTx(st, c, c.args[i]) {
		m.finish(st)
		m.later = true
	}
	if f, ok := unbox(c.args[i]).(fnVal); ok {
		m.sharesLater(st, c, f)
	}
}

// sharesLater lets a function literal that runs at some later time write the variables
// that it shares with its function: an error that it sets tells of itself, and of others
// it is not known whether they are set by then.
// Have: go func() { defer wg.Done(); _, err = tx.Exec(query) }(); wg.Wait()
func (m *machine) sharesLater(st *state, c *call, f fnVal) {
	for i, v := range f.bind {
		a, ok := v.(addr)
		if !ok || m.holds(st, v) || i >= len(f.fn.FreeVars) || !isAssigned(f.fn.FreeVars[i]) {
			continue
		}
		if m.isError(a) {
			m.spoil(st, c, v)
		} else {
			st.heap[loc(a)] = lost{}
		}
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
				o = m.dropResult(m.answered(o, f))
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

// goCall starts a goroutine: it is handed the transaction unless a visible body
// only uses it (T10).
func (m *machine) goCall(st *state, c *call) {
	if f, ok := c.fun.(fnVal); ok {
		defer m.sharesLater(st, c, f)
	}
	if st.tx != open {
		return
	}
	gets := func(v value) bool { return m.holds(st, v) || m.endsTxOtherwise(st, v) }
	if !m.recvHolds(st, c) && !gets(c.fun) && !slices.ContainsFunc(c.args, gets) {
		return
	}
	if c.fn == nil || len(c.fn.Blocks) == 0 || len(st.frames) >= maxDepth {
		m.handOver(st, "it is given to a goroutine")
		m.later = true
		return
	}
	outs := m.enter(st.clone(), c, c.fn, c.bind, c.params(), true)
	if len(outs) == 0 || slices.ContainsFunc(outs, func(o outcome) bool { return o.st.tx != open }) {
		m.handOver(st, "it is given to a goroutine that may end it")
		m.later = true
	}
}
