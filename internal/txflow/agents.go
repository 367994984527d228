package txflow

import (
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A callee that is not in view may call code of its caller's: a function in a field of what
// it is given, or a method of an object behind an interface. Where that may end the
// transaction, nothing is known of it afterwards.
// Have: pool.Submit(&job{tx: tx}); app := &cli.App{Action: func() error { ...; return tx.Commit() }}

// runsName is what methods are called that run what their object has been given, worksName
// what those are that may do so, or do something of their own to what they are given.
var (
	runsName  = regexp.MustCompile(`^(Run|Go|Start|Serve|Halt|Stop|Call|Fire|Trigger|Flush|Func|Wait|Walk|Loop|Dispatch|Invoke)`)
	worksName = regexp.MustCompile(`^(Do|Exec|Process|Handle|Try|Apply|Perform)`)
)

// mayRunGiven reports whether a method by its name may run what its object has been given.
func (m *machine) mayRunGiven(st *state, c *call) bool {
	return runsName.MatchString(c.name) || worksName.MatchString(c.name) && mayEndHidden(c.sig) ||
		m.soundsLikeEnd(st, c) && !m.looksUp(st, c)
}

// loseToAgents lets the transaction out of sight where a call may end it by way of others.
func (m *machine) loseToAgents(st *state, c *call) {
	common := c.instr.Common()
	switch {
	case m.mayRunEnd(st, c):
		m.lose(st, "a callee may call what ends it")
	case m.mayGiveAway(st, c):
		m.lose(st, "a callee may give it to what ends it")
	case st.tx == open && common.IsInvoke() && m.recvHolds(st, c) && !m.isTx(st, c.recv) && !soundsLikeFinish(c.name) &&
		m.flow.protocols.Role(common.Method) == nil && m.flow.mayEndBehind(common.Method):
		m.lose(st, "one of the implementations ends it")
	case m.mayEndInside(st, c):
		m.lose(st, "a callee may end it by a method of what it has in an interface")
	case m.mayCancel(st, c):
		m.lose(st, "it may cancel the context")
	}
}

// mayEndInside reports whether a callee that is not followed has, somewhere in what it is given,
// what leads to the transaction as an interface that is not known to stand for one, and may end
// it by a method of that.
// Have: type Unit struct { S port.Session }; func (u *Unit) Settle(err error) error { return u.S.Finish(err) }
func (m *machine) mayEndInside(st *state, c *call) bool {
	if st.tx != open || c.fn != nil && len(c.fn.Blocks) > 0 || c.obj == nil || c.instr.Common().IsInvoke() {
		return false
	}
	first := 0
	if c.recv != nil {
		first = 1
	}
	for i, v := range c.params() {
		if t := m.paramType(c, i); t != nil && mayEndBeside(c.sig, i-first) && m.hidesEndIn(st, v, t, maxHops) {
			return true
		}
	}
	return false
}

// hidesEndIn reports whether the transaction is in such an interface below a value.
func (m *machine) hidesEndIn(st *state, v value, t types.Type, hops int) bool {
	a, ok := m.pointee(v)
	s, isStruct := coreStruct(pointerElem(t))
	if !ok || !isStruct || hops == 0 || m.isTx(st, v) {
		return false
	}
	for i := range min(s.NumFields(), maxFields) {
		t := s.Field(i).Type()
		inside := st.heap[loc{a.cell, fieldPath(a.path, i)}]
		if inside == nil || m.isTx(st, inside) {
			continue
		}
		if m.flow.hidesEnd(t) && m.holds(st, inside) || isPointer(t) && m.hidesEndIn(st, inside, t, hops-1) {
			return true
		}
	}
	return false
}

// hidesEnd reports whether a type is an interface that is not known to stand for a transaction,
// and has a method which may be one that ends.
func (f *flow) hidesEnd(t types.Type) bool {
	iface, ok := types.Unalias(t).Underlying().(*types.Interface)
	if !ok || f.canBeTx(t) {
		return false
	}
	for m := range iface.Methods() {
		if mayEndHidden(m.Signature()) && m.Signature().Results().Len() > 0 {
			return true
		}
	}
	return false
}

// mayRunEnd reports whether a call gives code that ends the transaction into hands which
// are not followed, in a way that neither data nor facts tell of.
func (m *machine) mayRunEnd(st *state, c *call) bool {
	if st.tx != open || c.fn != nil && len(c.fn.Blocks) > 0 || c.obj != nil && m.flow.protocols.Role(c.obj) != nil {
		return false
	}
	for i, v := range c.params() {
		if f, direct := unbox(v).(fnVal); direct {
			if m.endsGiven(st, c, f) {
				return true
			}
			continue // a callback is followed
		}
		if !m.holds(st, v) || m.isTx(st, v) {
			continue
		}
		isRecv := c.recv != nil && i == 0
		if isRecv && !m.mayRunGiven(st, c) {
			continue
		}
		if isRecv && c.obj != nil && isGenericReceiver(c.obj) {
			return true // it may call a method of what it is instantiated with
		}
		if !isRecv && m.passesEnder(st, c, i, v) {
			return true
		}
		itself := true
		if m.reaches(st, v, func(w value) bool {
			inside := !itself
			itself = false
			return inside && m.isEnder(st, c, w)
		}) {
			return true
		}
	}
	return false
}

// isGenericReceiver reports whether a method is one of a generic type.
func isGenericReceiver(fn *types.Func) bool {
	recv := fn.Origin().Signature().Recv()
	if recv == nil {
		return false
	}
	named, ok := types.Unalias(pointerElem(recv.Type())).(*types.Named)
	return ok && named.TypeParams().Len() > 0
}

// isEnder reports whether a value inside of what a callee is given is code that may end the
// transaction: a function, or an object behind an interface. A callback is lent what it is
// given, whether that is the transaction or a repository that has it.
// Have: if err := f(&Repos{tx}); err != nil { return err }
func (m *machine) isEnder(st *state, c *call, v value) bool {
	switch v := v.(type) {
	case fnVal:
		return m.mayEnd(st, c, v)
	case boxed:
		return c.obj != nil && m.holds(st, v.v) && !m.isTx(st, v.v) && m.flow.hasEnder(v.typ, nil)
	}
	return false
}

// passesEnder reports whether argument i is an object behind an interface, or of the type
// that a type parameter stands for, one of whose methods there may end what it holds.
func (m *machine) passesEnder(st *state, c *call, i int, v value) bool {
	t := m.paramType(c, i)
	if t == nil || c.obj == nil {
		return false // a callback is lent what it is given
	}
	dynamic := types.Type(nil)
	if b, ok := v.(boxed); ok {
		dynamic = b.typ
	} else if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		if i += len(c.args) - len(c.params()); i >= 0 && i < len(c.types) {
			dynamic = c.types[i]
		}
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || dynamic == nil || types.IsInterface(dynamic) || m.flow.canBeTx(t) {
		return false // or it shows by its name, or the fact tells
	}
	if onlyBasics(resultType(c.instr)) && !m.mayRunGiven(st, c) {
		return false // it asks something of it
	}
	return m.flow.hasEnder(dynamic, iface) || iface.NumMethods() > 0 && soundsLikeSetter(c.name) && m.flow.hasEnder(dynamic, nil)
}

// onlyBasics reports whether there are results, and all are of basic types.
func onlyBasics(results *types.Tuple) bool {
	for v := range results.Variables() {
		if !isBasic(v.Type()) {
			return false
		}
	}
	return results.Len() > 0
}

// endsGiven reports whether a function that is passed ends its first parameter, and the
// transaction, or what leads to it, is passed beside it as such.
// Have: kit.Each([]*sql.Tx{tx}, (*sql.Tx).Rollback)
func (m *machine) endsGiven(st *state, c *call, f fnVal) bool {
	isGeneric := c.obj != nil && c.obj.Origin().Signature().TypeParams().Len() > 0
	if len(f.fn.Params) == 0 || f.fn.Synthetic == "" && !isGeneric || m.holds(st, f) {
		return false // a literal is followed
	}
	t := f.fn.Params[0].Type()
	for i, v := range c.args {
		given := c.types[i]
		if list, ok := given.Underlying().(*types.Slice); ok {
			given = list.Elem()
		}
		if m.holds(st, v) && types.Identical(given, t) {
			return m.flow.ends(f.fn)
		}
	}
	return false
}

// hasEnder reports whether a method of a type, among those of an interface if that is not
// nil, may end a transaction that its receiver leads to.
func (f *flow) hasEnder(t types.Type, among *types.Interface) bool {
	set := f.prog.MethodSets.MethodSet(t)
	for sel := range set.Methods() {
		method := sel.Obj().(*types.Func)
		if among != nil {
			if obj, _, _ := types.LookupFieldOrMethod(among, false, method.Pkg(), method.Name()); obj == nil {
				continue
			}
		}
		if f.endsItself(method) {
			return true
		}
	}
	return false
}

// endsItself reports whether a method may end what its receiver leads to.
func (f *flow) endsItself(method *types.Func) bool {
	if role := f.protocols.Role(method); role != nil {
		return role.Finish != nil && role.Finish.Handle.Kind == protocol.Recv
	}
	var s Summary
	if method.Pkg() != f.pass.Pkg {
		return f.importFact(method, &s) && slices.ContainsFunc(s.Uses, Use.ends)
	}
	fn := f.prog.FuncValue(method)
	return fn != nil && f.ends(fn)
}

// endsCarried reports whether a method may end what a context that it is given carries.
// Have: func (p *provider) Commit(ctx context.Context) error { return txOf(ctx).Commit() }
func (f *flow) endsCarried(method *types.Func) bool {
	return method != nil && anyOf(method.Signature().Params().Variables(), isContext) && f.takes(method, Use.endsAny)
}

// endsGiven reports whether a method may end, or keep, a transaction that it is given beside its
// receiver.
func (f *flow) endsGiven(method *types.Func) bool { return f.takes(method, Use.endsOther) }

// mayEndAny reports whether a method may end what its receiver, a context or another argument
// leads to.
// Have: func (m *Manager) Commit(tx any) error { return tx.(*sql.Tx).Commit() }
func (f *flow) mayEndAny(method *types.Func) bool {
	return f.endsItself(method) || f.endsCarried(method) || f.endsGiven(method)
}

// takes reports whether a use of what a method of this package, or of another one, is given is
// such a one.
func (f *flow) takes(method *types.Func, is func(Use) bool) bool {
	if method.Pkg() != f.pass.Pkg {
		return slices.ContainsFunc(f.factOfMake(method).Uses, is)
	}
	fn := f.prog.FuncValue(method)
	return fn != nil && len(fn.Blocks) > 0 && slices.ContainsFunc(f.usesAsked(fn), is)
}

// maxAskedEnds bounds how many questions about methods may be asked inside one another.
const maxAskedEnds = 16

// ends reports whether a function of this package may end a transaction that its first
// parameter, or receiver, leads to.
func (f *flow) ends(fn *ssa.Function) bool {
	obj, _ := fn.Object().(*types.Func)
	if role := f.protocols.Role(obj); obj != nil && role != nil {
		return role.Finish != nil
	}
	return len(fn.Blocks) > 0 && slices.ContainsFunc(f.usesAsked(fn), Use.ends)
}

// anyUses are the uses of a function of which nobody knows what it does.
var anyUses = []Use{{At: Spot{Index: 0}, Cases: []Case{{Tx: unknown}}}, {At: Spot{Index: 1}, Cases: []Case{{Tx: unknown}}}}

// usesAsked is uses for questions about methods that may lead to one another: each function is
// asked once, and one that is being asked about ends nothing.
// Have: func (w *wrapped) Commit(ctx context.Context) error { return w.next.Commit(ctx) }
func (f *flow) usesAsked(fn *ssa.Function) []Use {
	if uses, ok := f.usesOnce[fn]; ok {
		return uses
	}
	if f.askingEnds == maxAskedEnds {
		return anyUses
	}
	f.askingEnds++
	defer func() { f.askingEnds-- }()
	f.usesOnce[fn] = nil
	f.usesOnce[fn] = f.uses(fn)
	return f.usesOnce[fn]
}

// ends reports whether what the receiver leads to may be ended, or passed on.
func (u Use) ends() bool { return u.At.Index == 0 && u.endsAny() }

// endsOther is ends for what another argument leads to.
func (u Use) endsOther() bool { return u.At.Index > 0 && u.endsAny() }

// endsAny reports whether what an argument leads to may be ended, or passed on.
func (u Use) endsAny() bool {
	return slices.ContainsFunc(u.Cases, func(k Case) bool { return k.Tx != open })
}
