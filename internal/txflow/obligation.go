package txflow

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// An obligation is the duty that one call creates: whoever made it must see to it
// that the transaction is finished.
type obligation struct {
	fn   *ssa.Function // the function that owes it
	call *ssa.Call     // the Begin, or the call of a function that begins
	// open is the protocol of the Begin; it is set when the Begin is reached, for
	// a call of a function that begins.
	open *protocol.Open
	// external: the Begin made a transaction of a value that belongs to the caller
	// (o.Begin() on a parameter).
	external bool
	// origin is the Begin itself, where call only leads to it.
	origin ssa.CallInstruction
	held   holding
	// only is the one Begin, of those that call leads to, that counts; zero for any.
	only site
	// which of the transactions that a function of another package begins it is.
	which int
	// wrapped are the calls through which a function of another package leads to the
	// Begin; nil if it is none of another package.
	wrapped []Opening
	// ctx is the parameter of that function that is its context, nil if there is none.
	ctx *Spot
}

// A site is a call as a path comes to it: the calls being followed, outermost
// first, and the call itself. One helper that is called twice has two sites.
type site [maxDepth + 1]ssa.CallInstruction

func siteOf(st *state, instr ssa.CallInstruction) (at site) {
	n := 0
	for _, f := range st.frames[1:] {
		if by, ok := f.by.(ssa.CallInstruction); ok && n < maxDepth {
			at[n] = by
			n++
		}
	}
	at[n] = instr
	return at
}

func (at site) key(b *strings.Builder) {
	for _, call := range at {
		if call == nil {
			return
		}
		writeID(b, 'b', int(call.Pos()))
	}
}

// isSavepoint reports whether the obligation is about a part of a transaction that
// another one is about: it holds nothing, and ends with that.
func (ob *obligation) isSavepoint() bool { return ob.is(protocol.Savepoint) }

// is reports whether the obligation is known to be about such a thing.
func (ob *obligation) is(level protocol.Level) bool { return ob.open != nil && ob.open.Level == level }

// isOneRequest reports whether the transaction has no name and serves for one request,
// where the server keeps something only between requests: a query keeps nothing, and
// a mutation says itself that it commits.
// Have: client.NewTxn().Mutate(ctx, &api.Mutation{CommitNow: true})
func (ob *obligation) isOneRequest() bool {
	if !ob.is(protocol.Soft) || ob.open.Holds != "server-state" || ob.origin != ssa.CallInstruction(ob.call) {
		return false
	}
	refs := *ob.call.Referrers()
	if len(refs) != 1 {
		return false
	}
	request, ok := refs[0].(*ssa.Call)
	return ok && len(request.Call.Args) > 0 && request.Call.Args[0] == ssa.Value(ob.call)
}

// errField reports whether a field of the handle is where the protocol keeps the
// error of the Begin.
func (ob *obligation) errField(path string) bool {
	e := ob.open.Err
	return e.Kind == protocol.OfHandle && strings.Join(e.Path, ".") == strings.TrimPrefix(path, ".")
}

func (m *machine) isHandleType(t types.Type) bool {
	return m.flow.protocols.Handle(t) != nil
}

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
	st.tx, st.kept, st.entrusted, st.nested, st.round, st.settled, st.bornAt = open, false, false, 0, "", nil, siteOf(st, c.instr)
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

// becomeTx makes a transaction of a value that a Begin was called on.
func (m *machine) becomeTx(st *state, v value) {
	switch v := v.(type) {
	case symVal:
		m.ob.external = m.ob.external || m.isOutside(v.id)
		if at, ok := m.spotOf(v.id); ok {
			m.born = &at
		}
		st.substitute(func(w value) value {
			if s, ok := w.(symVal); ok && s.id == v.id {
				return handle{}
			}
			return nil
		})
		m.becomeTxIn(st, v.id)
	case boxed, addr:
		old := keyOf(v)
		st.substitute(func(w value) value {
			if keyOf(w) == old {
				return handle{}
			}
			return nil
		})
	case nonNil, top, lost:
		st.tx = unknown
		m.settled(st, "the value that it was begun on cannot be followed")
	}
}

// isOutside reports whether a symbol is what the function got from outside, or was read from
// that.
// Have: tables[id].tx.Begin(), with a table of the package
func (m *machine) isOutside(s symID) bool {
	for ways := maxWays; s != 0 && ways > 0; ways-- {
		info := &m.syms[s]
		if info.external || info.root != 0 && m.cells[info.root].external {
			return true
		}
		if s = m.cells[info.root].root; s == 0 {
			s = info.deps[0]
		}
	}
	return false
}

// becomeTxIn makes a transaction of what is still in the places that a symbol was
// read from, and that nothing has been stored to.
// Have: s.o.Begin(), where s is the caller's
func (m *machine) becomeTxIn(st *state, id symID) {
	info := &m.syms[id]
	if at := (loc{info.root, info.path}); info.root != 0 && !st.stored(at) {
		st.heap[at] = handle{}
	}
	whole := info.deps[0]
	path, isField := strings.CutPrefix(info.sub, "/"+strconv.Itoa(int(whole)))
	if !isField {
		return
	}
	var fields []loc
	for at, v := range st.heap {
		if s, ok := v.(symVal); ok && s.id == whole {
			fields = append(fields, loc{at.cell, at.path + path})
		}
	}
	for _, at := range fields {
		if _, ok := st.heap[at]; !ok {
			st.heap[at] = handle{}
		}
	}
}

// stored reports whether the path has stored to a place, or to all around it.
func (st *state) stored(at loc) bool {
	for {
		if _, ok := st.heap[at]; ok || at.path == "" {
			return ok
		}
		at.path = at.path[:strings.LastIndexAny(at.path, ".[")]
	}
}

// forget severs what an earlier transaction of the same Begin was known by.
func (m *machine) forget(st *state) {
	for id, f := range st.facts {
		if f.of.view {
			st.carry(id, func(of *carried) { of.view = false })
		}
	}
	st.substitute(func(w value) value {
		if isHandle(w) {
			return nonNil{}
		}
		return nil
	})
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
		st.facts[err.id] = fact{nilness: isNotNil}
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
	m.syms[tx.id].owner = m.ownerOf(c, o)
	st.facts[tx.id] = fact{nilness: isNotNil, of: carried{tx: o.Level != protocol.Session}}
	st.gives(c, o, tx)
	works := m.beginResult(st, c, o, tx, func(int) value { return nilVal{} })
	if o.Err.Kind != protocol.Result {
		return returns(st, works)
	}
	err := m.yielded(fails, c, "err")
	fails.facts[err.id] = fact{nilness: isNotNil}
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
	fails.facts[err.id] = fact{nilness: isNotNil}
	return []outcome{
		{st: st, result: m.beginResult(st, c, o, nilVal{}, func(int) value { return nilVal{} })},
		{st: fails, result: m.beginResult(fails, c, o, nilVal{}, func(int) value { return err })},
	}
}

// overwrites reports whether a call begins another transaction in the variable that
// is all that leads to the open one.
func (m *machine) overwrites(st *state, call *ssa.Call, result value) bool {
	if st.tx != open || m.ob.call == nil || call == m.ob.call || call.Parent() != m.ob.call.Parent() {
		return false
	}
	src := m.flow.source(m.root)
	mine := src.object(src.target(src.callOf(m.ob.call), 0))
	if mine == nil || mine != src.object(src.target(src.callOf(call), 0)) || !m.flow.isBegin(call) {
		return false
	}
	without := st.clone()
	for _, r := range *call.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == 0 {
			for _, r := range *x.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Val == ssa.Value(x) {
					if a, ok := m.eval(st, s.Addr).(addr); ok {
						delete(without.heap, loc(a))
					}
				}
			}
		}
	}
	return !m.reachable(without, result)
}
