package txflow

import (
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What code that is not in view is passed: the transaction, functions and lists (T11).

// runArgs passes the function literals among the arguments to unknown code.
func (m *machine) runArgs(st *state, c *call) []*state {
	states := []*state{st}
	for _, a := range m.spread(st, c) {
		if f, ok := unbox(a).(fnVal); ok {
			states = m.mayRun(states, c, f)
		}
	}
	return states
}

// spread are the arguments of a call as they are written, those for a variadic
// parameter one by one.
func (m *machine) spread(st *state, c *call) []value {
	last := len(c.args) - 1
	if last < 0 || c.sig == nil || !c.sig.Variadic() {
		return c.args
	}
	array, elems := m.listed(st, c.args[last])
	if array == nil || array.Comment != "varargs" {
		return c.args
	}
	return append(slices.Clone(c.args[:last]), elems...)
}

// listed returns the elements of a slice that was made of a whole local array, where these
// are few, and the array; nil where it was not. Of a struct nothing is told.
func (m *machine) listed(st *state, v value) (*ssa.Alloc, []value) { return m.listedTo(st, v, 1) }

// listedTo is listed with structs as deep as that.
func (m *machine) listedTo(st *state, v value, depth int) (*ssa.Alloc, []value) {
	if _, ok := m.arrayLen(v); !ok {
		return nil, nil
	}
	a := v.(addr)
	array := m.cells[a.cell].v.(*ssa.Alloc)
	all, ok := m.read(st, a, pointerElem(array.Type()), depth).(agg)
	if !ok {
		return nil, nil
	}
	return array, all.elems
}

// lend passes the transaction as argument i to unknown code. A setter that takes
// anything keeps it: ctx.Set("tx", tx).
func (m *machine) lend(st *state, c *call, i int) {
	if m.contained(st, c.args[i]) {
		m.handOver(st, "it is passed in a container")
	}
	m.finishPassed(st, c.args[i])
	if holdsSeveral(c.types[i]) && !(c.sig != nil && c.sig.Variadic()) {
		m.handOver(st, "it is passed in a slice") // a callee may end each
	}
	if c.sig != nil && c.sig.Variadic() && i == c.sig.Params().Len()-1 {
		m.lendVariadic(st, c, c.sig.Params().At(i).Type())
	}
	if c.sig == nil || i >= c.sig.Params().Len() {
		return
	}
	if m.isTx(st, c.args[i]) && isYield(c.instr) && !m.flow.mentionsEnd(c.instr.Parent()) {
		m.handOver(st, "it is yielded")
	}
	if m.mayBeSet(c, i) && !m.isTx(st, c.recv) {
		m.handOver(st, "an option may set it")
	}
	t := c.sig.Params().At(i).Type()
	takesAny := isEmptyInterface(t)
	if declared := m.paramType(c, i+len(c.params())-len(c.args)); declared != nil {
		takesAny = takesAny || isTypeParam(declared)
	}
	takesAny = takesAny && !(m.isTx(st, c.args[i]) && m.isToldLent(c, i))
	if soundsLikeSetter(c.name) && (takesAny || closes(t) && !(m.flow.canBeTx(t) && m.analysed(c))) ||
		takesAny && c.recv != nil && isStatement(c.instr) && !m.onlyReads(c, i) {
		m.handOver(st, "it is kept by "+c.name)
	}
}

// mayBeSet reports whether argument i has functions that are called with the receiver, which may
// have the transaction afterwards.
// Have: r.Configure(repo.WithTx(tx)), where WithTx returns a func(*Repo)
func (m *machine) mayBeSet(c *call, i int) bool {
	if c.obj == nil || c.recv == nil || c.obj.Signature().Recv() == nil {
		return false
	}
	t := c.sig.Params().At(i).Type()
	if slice, ok := t.Underlying().(*types.Slice); ok && c.sig.Variadic() && i == c.sig.Params().Len()-1 {
		t = slice.Elem()
	}
	set, ok := t.Underlying().(*types.Signature)
	return ok && anyOf(set.Params().Variables(), func(p types.Type) bool { return types.Identical(p, c.obj.Signature().Recv().Type()) })
}

// mayWorkInside reports whether a function that a callee may call with the transaction, which
// one of the other arguments leads to, leaves it open, may fail or not, and stores nothing.
// Have: task.Step(func(tx *sql.Tx) error { _, err := tx.Exec(query); return err })
func (m *machine) mayWorkInside(st *state, c *call, f fnVal) bool {
	given := m.givenInside(st, c, f)
	if given == nil || !st.canEnter(f.fn, f.bind) || !yieldsLastError(f.fn.Signature) || len(m.flow.modifies(f.fn)) > 0 {
		return false
	}
	if !isWrapper(f.fn) && slices.ContainsFunc(f.fn.FreeVars, func(v *ssa.FreeVar) bool { return !onlyRead(v) }) {
		return false
	}
	fails, works := false, false
	for _, o := range m.enter(st.clone(), c, f.fn, f.bind, given, true) {
		if o.end != returned || o.st.tx != open {
			return false
		}
		err := o.st.nilnessOf(lastOf(o.result))
		fails, works = fails || err != isNil, works || err != isNotNil
	}
	return fails && works
}

// givenInside is what a callee may call a function with that has a parameter for the
// transaction, where an argument leads to that; nil if none does.
func (m *machine) givenInside(st *state, c *call, f fnVal) []value {
	for i, v := range c.params() {
		a, ok := m.pointee(unbox(v))
		t := m.paramType(c, i)
		if !ok || t == nil || m.isTx(st, v) {
			continue
		}
		for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
			if l.cell != a.cell || !below(l.path, a.path) || !m.isTx(st, st.heap[l]) {
				continue
			}
			at := typeAt(pointerElem(t), l.path[len(a.path):])
			if j := slices.IndexFunc(f.fn.Params, func(p *ssa.Parameter) bool { return types.Identical(p.Type(), at) }); j >= 0 {
				return append(make([]value, j), handle{})
			}
		}
	}
	return nil
}

// isYield reports whether a call is the one by which an iterator yields what it has to the
// body of a loop. One that ends nothing itself has the loop end what it yields.
// Have: return func(yield func(*sql.Tx) bool) { ...; if !yield(tx) { return } }
func isYield(instr ssa.CallInstruction) bool {
	fn := instr.Parent()
	if fn.Parent() == nil || fn.Signature.Params().Len() != 1 || fn.Signature.Results().Len() != 0 || instr.Common().Value != ssa.Value(fn.Params[0]) {
		return false
	}
	answer := instr.Common().Signature().Results()
	return answer.Len() == 1 && isBool(answer.At(0).Type())
}

// closes reports whether a type is an interface with a method named like a finisher.
// Have: closers.Add(session)
func closes(t types.Type) bool {
	iface, ok := types.Unalias(t).Underlying().(*types.Interface)
	if !ok || isContext(t) { // whose Done ends nothing
		return false
	}
	for method := range iface.Methods() {
		if soundsLikeFinish(method.Name()) {
			return true
		}
	}
	return false
}

// holdsSeveral reports whether a type is a slice or array of more than plain values.
func holdsSeveral(t types.Type) bool {
	switch t := types.Unalias(t).Underlying().(type) {
	case *types.Slice:
		return !isEmptyInterface(t.Elem())
	case *types.Array:
		return !isEmptyInterface(t.Elem())
	}
	return false
}

// lendVariadic passes the arguments for a variadic parameter to unknown code. Options
// die with the call; of what else is passed in a slice a callee may end each.
// Have: repo.Save(ctx, item, WithTx(tx))
func (m *machine) lendVariadic(st *state, c *call, param types.Type) {
	slice, ok := param.(*types.Slice)
	if !ok || isEmptyInterface(slice.Elem()) {
		return
	}
	f, isFunc := types.Unalias(slice.Elem()).Underlying().(*types.Signature)
	for _, a := range m.spread(st, c)[c.sig.Params().Len()-1:] {
		m.finishPassed(st, a)
		_, isLiteral := a.(fnVal)
		if m.holds(st, a) && !isLiteral && !(isFunc && f.Params().Len() > 0) {
			m.handOver(st, "it is passed in a slice")
		}
	}
}

// finishPassed finishes the transaction when a bound finisher is passed on:
// defer rollback(ctx, tx.Rollback).
func (m *machine) finishPassed(st *state, v value) {
	f, ok := unbox(v).(fnVal)
	if !ok || !strings.HasPrefix(f.fn.Synthetic, "bound method") || len(f.bind) != 1 || !m.holds(st, f.bind[0]) {
		return
	}
	obj, ok := f.fn.Object().(*types.Func)
	if !ok {
		return
	}
	if role := m.flow.protocols.Role(obj); role != nil && role.Finish != nil || role == nil && soundsLikeFinish(obj.Name()) {
		m.finish(st)
	}
}
