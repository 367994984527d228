package txflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Code that is not in view, and of which no fact tells: what it is lent, what it may keep
// or end, as far as names and types show (T11).

// unknownCall lends the transaction to code that nothing is known of (T11).
func (m *machine) unknownCall(st *state, c *call) []outcome {
	m.loseToAgents(st, c)
	c.looks = c.looks || m.asksAgain(c) && m.flow.looksAway(c)
	st.entrusted = max(st.entrusted, m.entrusts(st, c))
	m.exposeGiven(st, c)
	m.letGo(st, append(c.params(), c.fun)...)
	holds := m.recvHolds(st, c)
	for i, a := range c.args {
		if m.holds(st, a) {
			holds = true
			m.lend(st, c, i)
		}
	}
	for _, v := range c.params() {
		if _, isFunc := unbox(v).(fnVal); !isFunc { // it may be called at any time
			m.strays(st, v, "the cancel of its context is passed to code that is not in view")
		}
	}
	if holds && (!m.analysed(c) || m.passesUnseen(st, c)) && m.soundsLikeEnd(st, c) && !m.looksUp(st, c) {
		m.finish(st)
	}
	if !m.analysed(c) && m.soundsLikeEnd(st, c) && slices.ContainsFunc(c.params(), func(v value) bool { return m.endsParent(st, v) }) {
		m.lose(st, "the transaction that it is part of may have ended")
	}
	if st.tx == open && m.isTaken(st, c) {
		m.lose(st, "one of the implementations may end it, or keep it")
	}
	m.tell(st, c)
	if m.isHidden(st, c) && !m.isTx(st, c.recv) && mayEndHidden(c.sig) {
		m.lose(st, "its implementation is not in view")
	}
	if holds && st.tx == open && m.lacksFacts(c) {
		m.lose(st, "nothing is known of package "+c.obj.Pkg().Path())
	}
	var outs []outcome
	for _, s := range m.runArgs(st, c) {
		for i, a := range c.args {
			if !c.looks && (!c.lent || !m.holds(s, a)) && !m.onlyReads(c, i) {
				m.spoil(s, c, a)
			}
		}
		if !c.looks {
			m.spoilReceiver(s, c)
			m.spoilFields(s, c)
		}
		wraps := holds && !c.lent && !m.isTx(s, c.recv)
		v := m.unknownYield(s, c, holds, wraps)
		if all, ok := v.(agg); ok && wraps && s.tx == open && isStored(c.instr.Value()) {
			if fails := m.failsWithout(s, c, all); fails != nil {
				outs = append(outs, *fails)
			}
		}
		outs = append(outs, outcome{st: s, result: m.passOn(s, c, v)})
	}
	return outs
}

// unknownYield is what unknown code yields that is given the transaction, if it holds it, and
// yields what may have that inside, if it wraps it.
func (m *machine) unknownYield(st *state, c *call, holds, wraps bool) value {
	v := m.sameAnswers(st, c, m.unknownResult(st, c.instr, resultType(c.instr), wraps))
	made, isSym := v.(symVal)
	switch {
	case isSym && wraps && m.boxes(c):
		m.syms[made.id].guess = true
		v = holder(made)
	case isSym && holds && c.looksIntoContext():
		v = m.lookedUp(st, c, made)
	}
	made, isSym = v.(symVal)
	switch {
	case m.looksBeside(st, c), m.isGuess(c.recv) && isBool(onlyResult(c.instr)):
		v = lost{}
	case m.yieldsError(st, c):
		v = m.errorResult(st, c)
	case m.isForetold(st, c):
		v = lost{}
	case isSym && soundsLikeMake(c.name) && isPointer(onlyResult(c.instr)):
		st.learn(made.id, fact{nilness: isNotNil})
		st.carry(made.id, func(of *carried) { of.told = true })
	}
	switch {
	case m.takesOutOfContext(st, c):
		v = m.found(st, c, v)
	case m.isGuess(c.recv):
		v = m.takenOut(st, c, v)
	case holds && !m.analysed(c):
		m.putIn(st, c, v)
	}
	return v
}

// lookedUp is what a call yields that looks into a context which carries the transaction.
// Have: tx, _ := ctx.Value(txKey{}).(*sql.Tx)
func (m *machine) lookedUp(st *state, c *call, s symVal) value {
	m.syms[s.id].guess, m.syms[s.id].carried = true, true
	call := c.instr.Value()
	isAsserted := call != nil && m.flow.isAssertedTx(call)
	if isAsserted && m.inContext() || call != nil && m.flow.isTakenForTx(call) {
		st.setFact(s.id, fact{nilness: isNotNil})
	}
	if !isAsserted {
		return m.aside(holder(s))
	}
	return holder(s)
}

// isLastWord reports whether nobody asks what a call yields: it is returned, or not taken.
func isLastWord(call ssa.CallInstruction) bool {
	v := call.Value()
	return v == nil || isOnlyReturned(v)
}

// isOnlyReturned reports whether a value goes nowhere but into results.
func isOnlyReturned(v ssa.Value) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Return, *ssa.DebugRef:
			return false
		case *ssa.Store: // of a named result
			_, isVariable := r.Addr.(*ssa.Alloc)
			return !isVariable
		}
		return true
	})
}

// takesOutOfContext reports whether a call is given a context that carries the transaction,
// and yields one, perhaps beside the answer whether it has found it.
// Have: tx, ok := txctx.From(ctx)
func (m *machine) takesOutOfContext(st *state, c *call) bool {
	if !anyOf(resultType(c.instr).Variables(), m.flow.canBeTx) {
		return false
	}
	for i, v := range c.args {
		if isContext(c.types[i]) && m.holds(st, v) {
			return true
		}
	}
	return false
}

// found is the result of a call that takes the transaction out of a context: it is there,
// and what is told beside it tells nothing.
func (m *machine) found(st *state, c *call, v value) value {
	one := func(v value, t types.Type) value {
		if !m.flow.canBeTx(t) {
			return lost{}
		}
		if h, ok := v.(holder); ok {
			st.setFact(h.id, fact{nilness: isNotNil})
		}
		return v
	}
	res := c.instr.Common().Signature().Results()
	all, ok := v.(agg)
	if !ok {
		return one(v, res.At(0).Type())
	}
	elems := slices.Clone(all.elems)
	for i := range elems {
		elems[i] = one(elems[i], res.At(i).Type())
	}
	return agg{elems}
}

// isGuess reports whether a value was made by code that is not in view, which was given the
// transaction: it may say of itself that it has none.
// Have: r := mo.TupleToResult(db.Begin()); if r.IsError() { return r.Error() }
func (m *machine) isGuess(v value) bool {
	h, ok := v.(holder)
	return ok && m.syms[h.id].guess
}

// isHidden reports whether a call is one of an interface method on what leads to the
// transaction, of which no implementation is in view.
// Have: uow, err := storage.NewUnit(db), which returns an interface
func (m *machine) isHidden(st *state, c *call) bool {
	var s Summary
	if c.obj != nil && m.flow.isStandIn(c.obj) && (!m.flow.importFact(c.obj, &s) || s.onlyLooks()) {
		return false // it only uses the transaction
	}
	byShape := m.ob.open != nil && m.ob.open.ByShape()
	return st.tx == open && c.fn == nil && c.instr.Common().IsInvoke() && m.recvHolds(st, c) && (byShape || !m.isTx(st, c.recv))
}

// mayEndHidden reports whether a method of such a signature may be one that ends what its
// receiver has: it is told nothing, what to do, or how it went, and tells no more than how
// that went.
// Have: Flush() error; Save(ctx context.Context) error; Execute(work func(Tx) error) error
func mayEndHidden(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if !isErrorType(v.Type()) {
			return false
		}
	}
	for v := range sig.Params().Variables() {
		if isFunc(v.Type()) {
			return true
		}
		if t := pointerElem(v.Type()); !isContext(t) && !isErrorType(t) {
			return false
		}
	}
	return true
}

func isPointer(t types.Type) bool {
	_, ok := types.Unalias(t).Underlying().(*types.Pointer)
	return ok
}

func isBasic(t types.Type) bool {
	_, ok := types.Unalias(t).Underlying().(*types.Basic)
	return ok
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// passesUnseen reports whether the transaction is inside an argument where facts do not
// look for one: in an interface without finishers, or in something that has code in it.
// Have: func (kv *store) CommitBatch(m Mutation) error
func (m *machine) passesUnseen(st *state, c *call) bool {
	for i, a := range c.params() {
		t := m.paramType(c, i)
		if t != nil && m.holds(st, a) && types.IsInterface(t) && !m.flow.canBeTx(t) {
			return true
		}
	}
	return false
}

// looksBeside reports whether a call tells something of a field in the object that
// leads to the transaction, which decides what its methods do.
// Have: if t.done.Swap(true) { return nil }
func (m *machine) looksBeside(st *state, c *call) bool {
	if !isBasic(onlyResult(c.instr)) || isPlainData(c.obj) {
		return false
	}
	return slices.ContainsFunc(c.params(), func(v value) bool {
		a, ok := v.(addr)
		if !ok || a.path == "" || !m.holds(st, a) {
			return false
		}
		for l, v := range st.heap {
			if l.cell == a.cell && below(l.path, a.path) && m.holds(st, v) {
				return false // the field is what leads to it
			}
		}
		return true
	})
}

// isPlainData reports whether a method is one of a type that only keeps data.
// Have: if im.buf.Len() > 0 { _, err = im.tx.Exec(im.buf.String()) }
func isPlainData(method *types.Func) bool {
	return method != nil && method.Pkg() != nil && protocol.InStandard(method.Pkg().Path()) && !strings.HasPrefix(method.Pkg().Path(), "sync")
}

// looksUp reports whether a call only shares its name with finishers: it is given
// names, no transaction, and yields more than an error.
// Have: commit, err := client.Commit(ctx, repository, hash)
func (m *machine) looksUp(st *state, c *call) bool {
	if slices.ContainsFunc(c.params(), func(v value) bool { return m.isTx(st, v) }) {
		return false
	}
	res := c.instr.Common().Signature().Results()
	return slices.ContainsFunc(c.types, isString) && res.Len() > 1 && !isErrorType(res.At(0).Type())
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

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

func (m *machine) recvHolds(st *state, c *call) bool {
	return c.recv != nil && m.holds(st, c.recv)
}

func unbox(v value) value {
	if b, ok := v.(boxed); ok {
		return b.v
	}
	return v
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
	t := c.sig.Params().At(i).Type()
	takesAny := isEmptyInterface(t)
	if declared := m.paramType(c, i+len(c.params())-len(c.args)); declared != nil {
		takesAny = takesAny || isTypeParam(declared)
	}
	if soundsLikeSetter(c.name) && (takesAny || closes(t) && !(m.flow.canBeTx(t) && m.analysed(c))) ||
		takesAny && c.recv != nil && isStatement(c.instr) && !m.onlyReads(c, i) {
		m.handOver(st, "it is kept by "+c.name)
	}
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

func isEmptyInterface(t types.Type) bool {
	i, ok := types.Unalias(t).Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0 && i.NumEmbeddeds() == 0
}
