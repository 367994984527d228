package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// What a call does that begins: the transaction of the obligation, or another one.

// opens reports whether a call with this role opens a transaction that somebody
// must finish.
func (m *machine) opens(st *state, c *call, o *protocol.Open) bool {
	for _, w := range o.When {
		if w.Index >= len(c.args) {
			return false
		}
		if k, ok := st.reduce(c.args[w.Index]).(constVal); ok && k.c.ExactString() != w.Value {
			return false
		}
	}
	return true
}

// begin opens a transaction: that of the obligation, or another one (T1).
func (m *machine) begin(st *state, c *call, o *protocol.Open) []outcome {
	if c.recv != nil && st.nilnessOf(c.recv) == isNil {
		return nil // panics
	}
	if outs, ok := m.inside(st, c, o); ok {
		return outs
	}
	var outs []outcome
	if st.gathered != nil || !m.beginning(st, c.instr) || !m.mayBear(st, c.instr) {
		m.overlap(st)
		return m.otherBegin(st, c, o)
	}
	if m.gathers(st, c.instr) {
		outs = m.otherBegin(st.clone(), c, o)
		m.handOver(st, "it is kept in a container")
		st.gathered = nil
	}
	if st.tx == open {
		m.lapses = append(m.lapses, lapse{st: st.clone(), instr: c.instr, again: true})
	}
	m.ob.open, m.ob.origin = o, c.instr
	fails, failed := m.beginFails(st.clone(), c, o)
	if err := m.oldError(st, c, o); err != nil {
		carries := st.clone()
		if st.assume(m.compare(st, tokenEQL, err, nilVal{}), true) {
			outs = append(outs, m.beginWorks(st, c, o, isNil)...)
		}
		if carries.assume(m.compare(carries, tokenEQL, err, nilVal{}), false) {
			outs = append(outs, m.beginWorks(carries, c, o, isNotNil)...)
		}
	} else {
		for _, kind := range m.kinds(st, c, o) {
			outs = append(outs, m.beginWorks(kind, c, o, isNil)...)
		}
	}
	if failed != nil {
		outs = append(outs, outcome{st: fails, result: failed})
	}
	return outs
}

// overlap notes that something begins while the transaction is open.
func (m *machine) overlap(st *state) { m.overlaps = m.overlaps || st.tx == open && !st.uncertain() }

// comeAgain closes the account of a transaction that is still open when the call which
// began it, somewhere in its body, is reached again and knows nothing of it. Whether
// that call now comes to the same Begin makes no difference.
func (m *machine) comeAgain(st *state, c *call) {
	if c.instr != ssa.CallInstruction(m.ob.call) || st.tx != open || st.gathered != nil ||
		m.passesTx(st, c) || m.holds(st, c.fun) || m.inContainer(st) {
		return
	}
	m.lapses = append(m.lapses, lapse{st: st.clone(), instr: c.instr, again: true})
	m.forget(st)
	st.tx = unborn
}

// kinds splits a path by the conditions that tell transactions of the library apart:
// a Begin(false) of bbolt is not ended by Commit.
func (m *machine) kinds(st *state, c *call, o *protocol.Open) []*state {
	st.denied = nil
	all := []*state{st}
	if o.Lib == nil {
		return all
	}
	for _, w := range o.Lib.EndsBy {
		if w.Index >= len(c.args) {
			continue
		}
		isSo := m.compare(st, tokenEQL, c.args[w.Index], boolVal(w.Value == "true"))
		var both []*state
		for _, meets := range all {
			fails := meets.clone()
			fails.denied = append(slices.Clip(fails.denied), w)
			if meets.assume(isSo, true) {
				both = append(both, meets)
			}
			if fails.assume(isSo, false) {
				both = append(both, fails)
			}
		}
		all = both
	}
	return all
}

// mayBear reports whether a Begin that the obligation's call leads to is the one
// that the obligation is about. Where one call begins several transactions, each
// of the Begins it leads to has an obligation of its own.
func (m *machine) mayBear(st *state, instr ssa.CallInstruction) bool {
	at := siteOf(st, instr)
	if m.ob.only != (site{}) {
		return at == m.ob.only
	}
	if st.tx == open && instr != ssa.CallInstruction(m.ob.call) && at != st.bornAt {
		if !slices.Contains(m.others, at) {
			m.others = append(m.others, at)
		}
		return false
	}
	return true
}

// beginWorks is the path on which the transaction is open. What the handle then
// carries as an error may be an older one.
func (m *machine) beginWorks(st *state, c *call, o *protocol.Open, carries nilness) []outcome {
	if !m.assumeArgs(st, c, o, true) {
		return nil
	}
	st.tx, st.kept, st.entrusted, st.nested, st.round, st.idle, st.settled, st.bornAt = open, false, noTrust, 0, "", nil, nil, siteOf(st, c.instr)
	m.begun = true
	m.bind(st, c, o)
	st.gives(c, o, handle{})
	st.beginErr = carries
	st.trail = &step{prev: st.trail, kind: stepBegin, instr: c.instr, depth: len(st.frames)}
	if v := c.at(o.Handle); v != nil {
		m.becomeTx(st, v)
	}
	if o.Handle.Kind == protocol.Result {
		m.forget(st)
	}
	return returns(st, m.beginResult(st, c, o, handle{}, func(i int) value { return nilVal{} }))
}

// bind notes what ends the transaction of a Begin as well: its owner, and the
// context that it was begun with, or that the receiver carries.
func (m *machine) bind(st *state, c *call, o *protocol.Open) {
	before := st.ctx
	st.ctx, st.owner = 0, 0
	st.owner = m.ownerOf(c, o)
	switch {
	case !o.CancelFinishes:
	case o.CtxOfRecv && m.isTx(st, c.recv): // begun on before
		st.ctx = before
	case o.CtxOfRecv:
		of, _ := st.carriedBy(c.recv)
		m.boundBy(st, of.ctx)
	case o.Ctx >= 0 && o.Ctx < len(c.args):
		m.boundBy(st, c.args[o.Ctx])
	}
}

// ownerOf returns the symbol of what the transaction of a Begin ends with, 0 if there is none.
func (m *machine) ownerOf(c *call, o *protocol.Open) symID {
	owner := c.at(o.Owner)
	if o.Level == protocol.Savepoint {
		owner = unbox(c.recv)
	}
	if s, ok := owner.(symVal); ok {
		return s.id
	}
	return 0
}

// assumeArgs assumes that the call's arguments are such that it opens a
// transaction, or such that it does not.
func (m *machine) assumeArgs(st *state, c *call, o *protocol.Open, opens bool) bool {
	for _, w := range o.When {
		isTrue := m.compare(st, tokenEQL, c.args[w.Index], boolVal(w.Value == "true"))
		if !st.assume(isTrue, opens) {
			return false
		}
	}
	return true
}

// beginFails is the path on which nothing was opened, nil if there is none.
func (m *machine) beginFails(st *state, c *call, o *protocol.Open) (*state, value) {
	switch {
	case o.Err.Kind == protocol.Panics:
		return nil, nil
	case o.Err.Kind == protocol.Nowhere:
		if len(o.When) == 0 || !m.assumeArgs(st, c, o, false) {
			return nil, nil
		}
	}
	if o.Handle.Kind == protocol.Result {
		m.forget(st)
	}
	st.tx = unborn
	st.beginErr = isNotNil
	var h value = nilVal{}
	if o.LiveOnErr || o.Err.Kind == protocol.OfHandle || o.Err.Kind == protocol.Nowhere {
		h = handle{} // inert
	} else if t := resultAt(c, o.Handle.Index); t != nil && !nilable(t) {
		h = zero(t, maxNesting) // a struct such as bun.Tx
	}
	return st, m.beginResult(st, c, o, h, func(i int) value {
		err := m.yielded(st, c, "err")
		st.setFact(err.id, fact{nilness: isNotNil})
		return err
	})
}

func resultAt(c *call, i int) types.Type {
	if res := c.instr.Common().Signature().Results(); i < res.Len() {
		return res.At(i).Type()
	}
	return nil
}

// beginResult builds the results of a Begin: h at the handle's place, err at the
// error's, symbols elsewhere.
func (m *machine) beginResult(st *state, c *call, o *protocol.Open, h value, err func(i int) value) value {
	res := c.instr.Common().Signature().Results()
	elems := make([]value, res.Len())
	for i := range elems {
		switch {
		case o.Handle.Kind == protocol.Result && o.Handle.Index == i && len(o.Handle.Path) == 0:
			elems[i] = h
		case o.Handle.Kind == protocol.Result && o.Handle.Index == i:
			elems[i] = nilVal{}
			if isHandle(h) {
				elems[i] = holder{m.yielded(st, c, "holder").id}
			}
		case o.Err.Kind == protocol.Result && o.Err.Index == i:
			elems[i] = err(i)
		default:
			elems[i] = top{}
		}
	}
	if len(elems) == 1 {
		return elems[0]
	}
	return agg{elems}
}

// otherBegin opens a transaction that another obligation is about.
func (m *machine) otherBegin(st *state, c *call, o *protocol.Open) []outcome {
	if v := c.at(o.Handle); v != nil {
		return m.otherOnValue(st, c, o, v)
	}
	fails := st.clone()
	tx := m.yielded(st, c, "tx")
	m.syms[tx.id].owner, m.syms[tx.id].begun = m.ownerOf(c, o), o.Level != protocol.Session
	st.setFact(tx.id, fact{nilness: isNotNil, of: carried{tx: o.Level != protocol.Session}})
	st.gives(c, o, tx)
	works := m.beginResult(st, c, o, tx, func(int) value { return nilVal{} })
	if o.Err.Kind != protocol.Result {
		return returns(st, works)
	}
	err := m.yielded(fails, c, "err")
	fails.setFact(err.id, fact{nilness: isNotNil})
	var none value = nilVal{}
	if t := resultAt(c, o.Handle.Index); t != nil && !nilable(t) {
		none = zero(t, maxNesting)
	}
	broken := m.beginResult(fails, c, o, none, func(int) value { return err })
	return []outcome{{st: st, result: works}, {st: fails, result: broken}}
}

// otherOnValue is otherBegin where the receiver or an argument becomes the
// transaction.
func (m *machine) otherOnValue(st *state, c *call, o *protocol.Open, v value) []outcome {
	s, ok := unbox(v).(symVal)
	if !ok || o.Err.Kind != protocol.Result || o.Reentry == "independent" {
		return returns(st, nil)
	}
	fails := st.clone()
	st.carry(s.id, func(c *carried) { c.tx = true })
	err := m.yielded(fails, c, "err")
	fails.setFact(err.id, fact{nilness: isNotNil})
	return []outcome{
		{st: st, result: m.beginResult(st, c, o, nilVal{}, func(int) value { return nilVal{} })},
		{st: fails, result: m.beginResult(fails, c, o, nilVal{}, func(int) value { return err })},
	}
}
