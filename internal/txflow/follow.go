package txflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
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
	itself := m.endsItself
	outs := m.enter(st, c, c.fn, c.bind, c.params(), false)
	m.endsItself = itself || m.endsItself && !c.assigned
	return outs, true
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
	if m.isShort(c.fn) && (makesCancel(c.fn) || m.flow.makesUser(c.fn)) {
		return true // perhaps only at times, and nil at others
	}
	if m.isShort(c.fn) && takesTest(c.fn.Signature) && slices.ContainsFunc(c.params(), m.isErrorValue) {
		return true // it may fail the test, for an error or for none
	}
	if m.flow.opts.Panics && st.tx == open && len(c.fn.Blocks) <= smallBlocks && m.flow.mayPanic(c.fn) {
		return true
	}
	for _, a := range c.params() {
		if id := contextID(a); id != 0 && st.tx == open && m.boundTo(st, id) && m.isShort(c.fn) && asksContext(c.fn) {
			return true
		}
		if m.cancels(st, a) {
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

// makesUser reports whether a function returns one that takes a transaction.
// Have: func commitAfter(f func(*sql.Tx) error) func(*sql.Tx) error
func (f *flow) makesUser(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	if res.Len() == 0 {
		return false
	}
	return f.isUser(res.At(0).Type())
}

// isUser reports whether a type is that of functions which take a transaction.
func (f *flow) isUser(t types.Type) bool {
	user, ok := types.Unalias(t).Underlying().(*types.Signature)
	return ok && anyOf(user.Params().Variables(), f.canBeTx)
}

// takesTest reports whether a function is given a test.
// Have: func assertFails(t testing.TB, err error)
func takesTest(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		named, ok := types.Unalias(pointerElem(p.Type())).(*types.Named)
		if ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "testing" {
			return true
		}
	}
	return false
}

// isErrorValue reports whether a value stands for an error, or for none.
func (m *machine) isErrorValue(v value) bool {
	switch v := unbox(v).(type) {
	case nilVal:
		return true
	case symVal:
		return m.isErrorSymbol(v.id)
	}
	return false
}

// smallBlocks is the size up to which a callee that only gets a pointer to a local
// variable is followed rather than trusted with anything.
const smallBlocks = 24

// smallBranches is how many branches such a callee may have: each may double the
// paths through it.
const smallBranches = 5

// isShort reports whether running fn in place costs little: no loop, few branches, with
// those of the literals in it.
func (m *machine) isShort(fn *ssa.Function) bool { return m.flow.branchesOf(fn) <= smallBranches }

// branchesOf counts those of fn and of the literals in it; more than smallBranches are as
// many as there may be, where there is a loop, or much else.
func (f *flow) branchesOf(fn *ssa.Function) int {
	count, known := f.branches[fn]
	if known {
		return count
	}
	if len(fn.Blocks) > smallBlocks || len(f.info(fn).inLoop) > 0 {
		count = smallBranches + 1
	} else {
		for _, b := range fn.Blocks {
			if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
				count++
			}
		}
		for _, literal := range fn.AnonFuncs {
			count += f.branchesOf(literal)
		}
	}
	f.branches[fn] = count
	return count
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
	fr := m.newFrame(fn)
	fr.ctx, fr.by, fr.deferred = m.inner(caller.ctx, c.instr), c.instr, c.deferred
	fr.repeat = repeat || m.mayComeAgain(st, c.instr)
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
