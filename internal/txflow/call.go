package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A call is one call with what the path knows of its operands.
type call struct {
	instr   ssa.CallInstruction
	name    string // of the callee or the variable called, "" if it has none
	builtin bool
	fn      *ssa.Function // the callee, nil if it is not known
	obj     *types.Func   // the declared function or interface method, nil if there is none
	fun     value         // the value called
	bind    []value       // what its free variables are bound to
	recv    value         // the receiver, nil if there is none
	args    []value       // without the receiver
	sig     *types.Signature
	types   []types.Type // of args, as the caller writes them
	// assigned: it is the function that a field always has, see alwaysIn.
	assigned bool
	// deferred: it runs while its function is being left.
	deferred bool
	// lent: the callee is given the transaction, and is known only to use it.
	lent bool
	// looks: the callee is known to change nothing that can be read.
	looks bool
}

// An outcome is one way in which a call comes out.
type outcome struct {
	st     *state
	result value
	end    exitKind        // returned, or how it panics
	at     ssa.Instruction // the call or panic, where it panics
}

func returns(st *state, v value) []outcome { return []outcome{{st: st, result: v}} }

// callInstr executes a call, go or defer statement, instruction i of its block.
func (m *machine) callInstr(st *state, instr ssa.CallInstruction, i int) []outcome {
	common := instr.Common()
	fun := m.eval(st, common.Value)
	args := make([]value, len(common.Args))
	for j, a := range common.Args {
		args[j] = m.eval(st, a)
	}
	switch instr := instr.(type) {
	case *ssa.Defer:
		m.deferCall(st, instr, fun, args)
		return returns(st, nil)
	case *ssa.Go:
		left := m.goCall(st, m.resolve(instr, fun, args))
		return append(returns(st, nil), m.leftOpen(st, left, instr, i)...)
	}
	v := instr.Value()
	m.dropDead(st, point{instr.Block(), i + 1})
	c := m.resolve(instr, fun, args)
	if st.entrusted != noTrust && slices.ContainsFunc(c.params(), func(v value) bool { return m.isTx(st, v) }) {
		st.entrusted &^= passingTrust // it was not given away last
	}
	m.timePasses(st, c)
	outs := m.callAny(st, c)
	made, madeAll := m.makesObject(c)
	for _, o := range outs {
		o.st.answer = maybeNil
		if o.end == returned {
			if o.result == nil {
				o.result = m.unknownResult(o.st, instr, v.Type(), false)
			}
			o.result = c.inheritContext(m.cancelPair(o.st, c, o.result))
			m.ownContext(c, o.result)
			if call, ok := instr.(*ssa.Call); ok {
				if m.overwrites(o.st, call, o.result) {
					m.lapses = append(m.lapses, lapse{st: o.st.clone(), instr: call})
					o.st.tx = unknown
					m.settled(o.st, "another transaction takes its variable")
				}
				m.nameHolder(o.st, call, args, o.result)
			}
			if made {
				m.markMade(o.result, madeAll)
			}
			m.foreign = m.foreign || instr == ssa.CallInstruction(m.ob.call) && m.yieldsForeign(o)
			o.st.set(v, o.result)
		}
	}
	return outs
}

// callAny follows a call of one function, or of each of those that it may be a call of.
func (m *machine) callAny(st *state, c *call) (outs []outcome) {
	if c.fn != nil || c.builtin {
		return m.call(st, c)
	}
	tabled := m.tabled(st, c.instr)
	if len(tabled) == 0 {
		return m.call(st, c)
	}
	for _, fn := range tabled {
		outs = append(outs, m.call(st.clone(), m.resolve(c.instr, fnVal{fn: fn}, c.args))...)
	}
	return outs
}

// yieldsForeign reports whether the Begin of the obligation, a function that begins, may
// have come back with a transaction that it did not begin.
// Have: tx, own, err := joinOrBegin(ctx, db)
func (m *machine) yieldsForeign(o outcome) bool {
	if o.st.tx != unborn {
		return false
	}
	results, elems := m.ob.call.Call.Signature().Results(), []value{o.result}
	if all, ok := o.result.(agg); ok {
		elems = all.elems
	}
	foreign := false
	for i := range min(results.Len(), len(elems)) {
		t, nilness := results.At(i).Type(), o.st.nilnessOf(elems[i])
		if isErrorType(t) && nilness == isNotNil {
			return false
		}
		foreign = foreign || nilness != isNil && m.flow.mayHold(t) && !isErrorType(t)
	}
	return foreign
}

// dropDead forgets the registers that no instruction from a point on reads, so that
// what is done there is not told apart by them.
func (m *machine) dropDead(st *state, at point) {
	info := m.flow.info(at.b.Parent())
	fr := st.top()
	for r := range fr.regs {
		if !info.liveAfter(r, at.b, at.i-1) && !isIdle(r) {
			delete(fr.regs, r)
		}
	}
}

// isIdle reports whether a register is a condition that nothing reads, see idleConds.
func isIdle(r ssa.Value) bool {
	refs := r.Referrers()
	b, ok := r.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0 && refs != nil && len(*refs) == 0
}

// resolve finds out what is called.
func (m *machine) resolve(instr ssa.CallInstruction, fun value, args []value) *call {
	common := instr.Common()
	c := &call{instr: instr, fun: fun, args: args, sig: common.Signature()}
	for _, a := range common.Args {
		c.types = append(c.types, a.Type())
	}
	if common.IsInvoke() {
		c.recv, c.obj, c.name = fun, common.Method, common.Method.Name()
		if b, ok := fun.(boxed); ok {
			c.recv = b.v
			m.dispatch(c, b.typ, common.Method)
		}
		return c
	}
	if b, ok := common.Value.(*ssa.Builtin); ok {
		c.name, c.builtin = b.Name(), true
		return c
	}
	f, ok := fun.(fnVal)
	if _, unknown := fun.(symVal); unknown {
		if always := m.flow.alwaysIn(common.Value); always != nil {
			f, ok, c.assigned = m.asAssigned(always), true, true
		}
	}
	if !ok {
		c.name = variableName(common.Value)
		return c
	}
	c.fn, c.bind = declared(f.fn), f.bind
	c.name = c.fn.Name()
	if isWrapper(c.fn) {
		return c // it has a body, which calls the method
	}
	c.obj, _ = c.fn.Object().(*types.Func)
	if c.fn.Signature.Recv() != nil && len(args) > 0 {
		c.recv, c.args, c.types = args[0], args[1:], c.types[1:]
	}
	return c
}

// declared returns the function of which another one is an instance, or else that itself: only what
// is declared has a body and facts of its own.
func declared(fn *ssa.Function) *ssa.Function {
	if o := fn.Origin(); o != nil {
		return o
	}
	return fn
}

// variableName names the variable or field that a function value was read from.
func variableName(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Name()
	case *ssa.Field:
		return fieldName(v.X.Type(), v.Field)
	case *ssa.UnOp:
		switch x := v.X.(type) {
		case *ssa.Global, *ssa.FreeVar:
			return x.Name()
		case *ssa.Alloc:
			return x.Comment
		case *ssa.FieldAddr:
			return fieldName(x.X.Type(), x.Field)
		}
	}
	return ""
}

// isWrapper reports whether fn was made by the SSA builder to call a method:
// tx.Rollback as a value, (*sql.Tx).Rollback, or a promoted method.
func isWrapper(fn *ssa.Function) bool {
	return fn.Synthetic != "" && len(fn.Blocks) > 0 && fn.Parent() == nil
}

// dispatch resolves an interface method on a value of known type.
func (m *machine) dispatch(c *call, typ types.Type, method *types.Func) {
	if types.IsInterface(typ) {
		return
	}
	if obj, ok := m.flow.hiddenMethodOf(typ, method); ok {
		if obj != nil {
			c.obj = obj
		}
		return
	}
	sel := m.flow.prog.MethodSets.MethodSet(typ).Lookup(method.Pkg(), method.Name())
	if sel == nil {
		return
	}
	fn := m.flow.prog.MethodValue(sel)
	if fn == nil {
		return
	}
	fn = declared(fn)
	c.fn = fn
	if obj, ok := fn.Object().(*types.Func); ok && !isWrapper(fn) {
		c.obj = obj
	}
}

// call follows one call. The state must be owned. An outcome without a result
// leaves it unknown.
func (m *machine) call(st *state, c *call) []outcome {
	if !m.work(1) {
		return nil
	}
	if c.builtin {
		return m.builtin(st, c)
	}
	if role := m.flow.protocols.Role(c.obj); role == nil || role.Finish == nil {
		m.tellsOfAnother(st, c, m.passesAnother(st, c))
	}
	if outs, ok := m.callValue(st, c); ok {
		return outs
	}
	if c.obj != nil {
		if outs, ok := m.callNamed(st, c); ok {
			return outs
		}
	}
	if o := openByVariable(c.instr.Common()); o != nil && c.fn == nil && m.opens(st, c, o) {
		return m.begin(st, c, o)
	}
	m.comeAgain(st, c)
	if outs, ok := m.follow(st, c); ok {
		return outs
	}
	if m.subject != nil && st.tx == open && c.fn != nil && m.flow.mayOpen(c.fn) {
		m.overlap(st)
	}
	m.passContext(st, c)
	if (m.isQuestion(c) || m.isSetter(c)) && st.canEnter(c.fn, c.bind) {
		return m.enter(st, c, c.fn, c.bind, c.params(), false)
	}
	if s, ok := m.accessor(st, c); ok && m.summaryOf(c) == nil && !m.isForetold(st, c) {
		return returns(st, s)
	}
	if c.fn != nil {
		switch e := m.flow.endingOf(c.fn); e {
		case mayReturn:
		case quietEnd:
			return nil
		default:
			return []outcome{{st: st, end: e.exitKind(), at: c.instr}}
		}
	}
	m.shareSizes(st, c)
	m.giveContainers(st, c)
	if outs, ok := m.applySummary(st, c); ok {
		return outs
	}
	return m.unknownCall(st, c)
}

// builtin executes a call of one of Go's own functions.
func (m *machine) builtin(st *state, c *call) []outcome {
	v := c.instr.Value()
	switch c.name {
	case "recover":
		return returns(st, m.recover(st))
	case "append":
		return returns(st, m.appended(st, c))
	case "len", "cap":
		m.takeFrom(st, c.args[0])
		if v != nil {
			return returns(st, m.lengthOf(st, c.name, c.args[0], c.types[0]))
		}
	case "print", "println":
		return returns(st, nil)
	case "close":
		if !m.closeSignal(st, c.args[0], c.types[0]) {
			return nil
		}
		return returns(st, nil)
	case "delete", "clear":
		m.removed(st, c)
		return returns(st, nil)
	case "copy":
		for _, a := range c.args {
			m.takeFrom(st, a)
		}
		m.spoil(st, c, c.args[0])
		m.spoilFields(st, c)
		return returns(st, nil)
	case "ssa:wrapnilchk":
		if _, ok := c.args[0].(nilVal); ok {
			return nil
		}
		return returns(st, c.args[0])
	}
	return returns(st, nil)
}

// isLen reports whether v is the constant length of a local array.
func (m *machine) isLen(a addr, v ssa.Value) bool {
	n, ok := m.arrayLen(a)
	c, isConst := v.(*ssa.Const)
	return ok && isConst && c.Int64() == n
}

// arrayLen returns the length of a slice that was made of a whole local array, as
// for the arguments of a variadic call.
func (m *machine) arrayLen(v value) (int64, bool) {
	a, ok := v.(addr)
	if !ok || a.path != "" {
		return 0, false
	}
	alloc, ok := m.cells[a.cell].v.(*ssa.Alloc)
	if !ok {
		return 0, false
	}
	array, ok := pointerElem(alloc.Type()).Underlying().(*types.Array)
	if !ok {
		return 0, false
	}
	return array.Len(), true
}

// callValue follows the call of a value which tells by itself what that does.
func (m *machine) callValue(st *state, c *call) ([]outcome, bool) {
	switch f := c.fun.(type) {
	case finisher:
		m.end(st, f.undoes)
		return returns(st, nil), true
	case cancelVal:
		m.cancel(st, f.id)
		return returns(st, nil), true
	case handle:
		if c.obj == nil && c.fn == nil { // a handle that is a function
			m.finish(st)
			return returns(st, nil), true
		}
	case holder:
		if m.isIteration(c, f) {
			return nil, false
		}
		if c.obj == nil && c.fn == nil {
			m.lose(st, "nobody knows what a function made from it does")
			return returns(st, nil), true
		}
	case nilVal:
		return nil, true // panics
	}
	return nil, false
}

// callNamed follows the call of a function or method of which the name tells what it does:
// one of the standard library, or of a library that is described.
func (m *machine) callNamed(st *state, c *call) ([]outcome, bool) {
	if v, ok := m.contextCall(st, c); ok {
		return returns(st, v), true
	}
	if outs, ok := m.askContext(st, c); ok {
		return outs, true
	}
	if outs, ok := m.atomicCall(st, c); ok {
		return outs, true
	}
	if outs, ok := m.sizedCall(st, c); ok {
		return outs, true
	}
	if is, ok := m.deeply(st, c); ok {
		return returns(st, is), true
	}
	if outs, ok := m.onceDo(st, c); ok {
		return outs, true
	}
	role := m.flow.protocols.Role(c.obj)
	if role == nil {
		if o := m.flow.openAt(c.instr, c.obj, c.instr.Common().IsInvoke() && c.fn == nil); o != nil && m.opens(st, c, o) {
			return m.begin(st, c, o), true
		}
		if m.settle(st, c) {
			role = m.flow.protocols.Role(c.obj)
		}
	}
	if role == nil {
		return nil, false
	}
	return m.playRole(st, c, role)
}
