package txflow

import (
	"go/types"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Code that is not in view, and of which no fact tells: what it is lent, what it may keep
// or end, as far as names and types show (T11).

// unknownCall lends the transaction to code that nothing is known of (T11).
func (m *machine) unknownCall(st *state, c *call) []outcome {
	m.loseToAgents(st, c)
	c.looks = c.looks || m.asksAgain(c) && m.flow.looksAway(c)
	m.entrust(st, c)
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
		itself := m.endsItself
		m.end(st, m.tellsToUndo(st, c))
		m.endsItself = itself || !m.isGivenAway(st, c)
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
	fails := m.yieldsError(st, c) // before what an earlier turn of a loop has yielded is forgotten
	v := m.sameAnswers(st, c, m.unknownResult(st, c.instr, resultType(c.instr), wraps))
	m.markLent(st, c, v)
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
	case fails:
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
func mayEndHidden(sig *types.Signature) bool { return mayEndBeside(sig, -1) }

// mayEndBeside is mayEndHidden for a function which is given that as parameter i, or as the
// receiver, with -1.
func mayEndBeside(sig *types.Signature, i int) bool {
	for v := range sig.Results().Variables() {
		if !isErrorType(v.Type()) {
			return false
		}
	}
	for j := range sig.Params().Len() {
		t := sig.Params().At(j).Type()
		if isFunc(t) {
			return true
		}
		if t = pointerElem(t); j != i && !isContext(t) && !isErrorType(t) {
			return false
		}
	}
	return true
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

func (m *machine) recvHolds(st *state, c *call) bool {
	return c.recv != nil && m.holds(st, c.recv)
}

func unbox(v value) value {
	if b, ok := v.(boxed); ok {
		return b.v
	}
	return v
}
