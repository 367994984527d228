package txflow

import (
	"go/constant"
	"go/types"
	"slices"
	"strconv"

	"github.com/txcheck/txcheck/internal/protocol"
)

// playRole does what a protocol says of a call; it reports false where the role
// does not touch the transaction and the call is to be judged like any other.
func (m *machine) playRole(st *state, c *call, role *protocol.Role) ([]outcome, bool) {
	m.letGo(st, c.args...)
	outs, ok := m.act(st, c, role)
	if !role.OnlyAsks() {
		for _, o := range outs {
			for i, a := range c.args {
				if role.Open == nil || !isOptions(c.types[i]) {
					m.spoil(o.st, c, a) // tx.First(&user)
				}
			}
		}
	}
	return outs, ok
}

// isOptions reports whether a type is a pointer to plain data: a begin only reads that.
// Have: tx, err := db.BeginTx(ctx, &opts)
func isOptions(t types.Type) bool {
	s, ok := coreStruct(pointerElem(t))
	return ok && isPointer(t) && !anyOf(s.Fields(), func(t types.Type) bool { return !isBasic(t) })
}

func (m *machine) act(st *state, c *call, role *protocol.Role) ([]outcome, bool) {
	switch role.Exit {
	case protocol.Process, protocol.Test:
		return nil, true // not an exit (T4)
	case protocol.Recovered:
		return []outcome{{st: st, end: designed, at: c.instr}}, true
	case protocol.Panicking:
		return []outcome{{st: st, end: panicked, at: c.instr}}, true
	}
	if a := role.Assert; a != nil {
		return m.assertion(st, c, a), true
	}
	if f := role.Finish; f != nil {
		outs, ok := m.finishCall(st, c, f)
		m.tellsOfAnother(st, c, !ok)
		if ok {
			return outs, true
		}
		m.ended(st, c.at(f.Handle))
	}
	if f := role.EndsOnErr; f != nil {
		if outs, ok := m.endsOnError(st, c, f); ok {
			return outs, true
		}
	}
	switch {
	case role.Open != nil && m.opens(st, c, role.Open):
		return m.begin(st, c, role.Open), true
	case role.Alias != nil:
		return m.alias(st, c, role.Alias), true
	case role.Managed != nil:
		return m.runCallback(st, c, role.Managed.Callback, true), true
	case role.Nilness != nil:
		return m.nilnessRole(st, c, role.Nilness), true
	case role.Runs >= 0:
		return m.runCallback(st, c, role.Runs, false), true
	case role.Keeps >= 0:
		m.keepCallback(st, c, role.Keeps)
		return returns(st, nil), true
	case role.Pure:
		return returns(st, m.pure(st, c)), true
	case role.Running:
		return returns(st, m.running(st, c)), true
	case role.Writable:
		return returns(st, m.writable(st, c)), true
	case role.Plain:
		if s, ok := m.accessor(st, c); ok && !m.isForetold(st, c) {
			return returns(st, s), true
		}
		m.spoilFields(st, c)
		return returns(st, m.unknownResult(st, c.instr, resultType(c.instr), false)), true
	}
	return nil, false
}

// running answers whether a transaction is open on the receiver, where that is the
// transaction itself and the path knows what became of it (T2).
func (m *machine) running(st *state, c *call) value {
	asked := c.recv != nil && m.isTx(st, c.recv) && m.ob.is(protocol.Transaction)
	switch {
	case asked && st.tx == open:
		return boolVal(true)
	case asked && (st.tx == unborn || st.tx == finished):
		return boolVal(false)
	}
	return m.unknownResult(st, c.instr, resultType(c.instr), false)
}

// writable answers whether the transaction is of the kind that every finisher ends: the
// arguments of its Begin tell, by which paths were told apart.
// Have: if tx.Writable() { return tx.Commit() }; return tx.Rollback()
func (m *machine) writable(st *state, c *call) value {
	if c.recv != nil && m.isTx(st, c.recv) && st.tx == open && m.ob.open != nil && m.ob.open.Lib != nil && len(m.ob.open.Lib.EndsBy) > 0 {
		return boolVal(len(st.denied) == 0)
	}
	return m.unknownResult(st, c.instr, resultType(c.instr), false)
}

// at returns the value that stands at a place of a call, nil if there is none.
func (c *call) at(p protocol.Place) value {
	switch p.Kind {
	case protocol.Recv:
		return c.recv
	case protocol.Arg:
		if p.Index < len(c.args) {
			return c.args[p.Index]
		}
	case protocol.Self:
		return c.fun
	}
	return nil
}

// isTx reports whether a value is the transaction itself, or the address of a
// variable that is.
func (m *machine) isTx(st *state, v value) bool {
	switch v := v.(type) {
	case handle:
		return true
	case holder:
		return true
	case handleField:
		return m.isHandleType(v.typ)
	case boxed:
		return m.isTx(st, v.v)
	case addr:
		if w, ok := st.heap[loc(v)]; ok {
			return m.isTx(st, w)
		}
	}
	return false
}

// finishCall ends the transaction where it stands at the finisher's place. On
// another transaction it is an ordinary call.
func (m *machine) finishCall(st *state, c *call, f *protocol.Finish) ([]outcome, bool) {
	if f.Only != "" && m.ob.open != nil && m.ob.open.Level != f.Only {
		return nil, false
	}
	v := c.at(f.Handle)
	if _, none := v.(nilVal); none {
		if st.tx == open {
			m.doubt(st)
		}
		if f.NilPanics {
			return nil, true
		}
	}
	switch {
	case v == nil:
		return nil, false
	case m.endsParent(st, v):
		// A commit of the whole commits what the savepoint was to guard.
		if f.Outcome != protocol.Commit {
			m.finish(st)
		}
		st.owner = 0 // what comes after is too late
		return nil, false
	case f.OfOwner:
		if s, ok := v.(symVal); !ok || !m.owns(s.id, st.owner) {
			return nil, false
		}
	case f.Handle.Kind == protocol.Arg && m.holds(st, v): // perhaps in an adapter
	case !m.isTx(st, v):
		return nil, false
	}
	if slices.ContainsFunc(f.When, func(w protocol.ArgIs) bool { return slices.Contains(st.denied, w) }) {
		return m.inVain(st, c), true
	}
	if f.OnErr == "open" {
		fails := st.clone()
		err := m.yielded(fails, c, "err")
		fails.setFact(err.id, fact{nilness: isNotNil})
		fails.trail = &step{prev: fails.trail, kind: stepFailed, instr: c.instr, depth: len(fails.frames)}
		m.finishOne(st, false)
		return []outcome{{st: st, result: nilVal{}}, {st: fails, result: err}}, true
	}
	if f.OfOwner {
		st.nested = 0
	}
	m.finishOne(st, f.Outcome == protocol.Rollback)
	return returns(st, m.unknownResult(st, c.instr, resultType(c.instr), false)), true
}

// endsParent reports whether a value is the transaction that the savepoint which the
// obligation is about is part of.
func (m *machine) endsParent(st *state, v value) bool {
	s, ok := unbox(v).(symVal)
	return ok && m.ob.isSavepoint() && m.owns(s.id, st.owner)
}

// owns reports whether what ends with a value ends with another one: it is that itself,
// or was begun on it.
func (m *machine) owns(owner, id symID) bool {
	for range maxOwners {
		if id == 0 || id == owner {
			break
		}
		id = m.syms[id].owner
	}
	return id != 0 && id == owner
}

// maxOwners bounds savepoints within savepoints.
const maxOwners = 8

// inVain is a finisher of another kind of transaction: it returns an error, if it has one.
func (m *machine) inVain(st *state, c *call) []outcome {
	st.trail = &step{prev: st.trail, kind: stepVain, instr: c.instr, depth: len(st.frames)}
	result := m.unknownResult(st, c.instr, resultType(c.instr), false)
	if s, ok := result.(symVal); ok {
		st.setFact(s.id, fact{nilness: isNotNil})
	}
	return returns(st, result)
}

// endsOnError follows a use of the transaction that ends it when it fails.
func (m *machine) endsOnError(st *state, c *call, f *protocol.Finish) ([]outcome, bool) {
	res := c.instr.Common().Signature().Results()
	last := res.Len() - 1
	if v := c.at(f.Handle); v == nil || !m.isTx(st, v) || last < 0 || c.instr.Value() == nil {
		return nil, false
	}
	fails := st.clone()
	m.finish(fails)
	err := m.yielded(fails, c, "err")
	fails.setFact(err.id, fact{nilness: isNotNil})
	return []outcome{m.yields(st, c, nilVal{}, last), m.yields(fails, c, err, last)}, true
}

// place returns the results of a call with v at index i and others elsewhere.
func place(v value, i int, results *types.Tuple, other func(i int) value) value {
	if results.Len() == 1 {
		return v
	}
	elems := make([]value, results.Len())
	for j := range elems {
		if j == i {
			elems[j] = v
		} else {
			elems[j] = other(j)
		}
	}
	return agg{elems}
}

// yields is an outcome of a call with v for result i, and nothing known of the others.
func (m *machine) yields(st *state, c *call, v value, i int) outcome {
	other := func(i int) value { return m.yielded(st, c, "#"+strconv.Itoa(i)) }
	return outcome{st: st, result: place(v, i, resultType(c.instr), other)}
}

// assertion ends the paths on which a test helper fails the test.
func (m *machine) assertion(st *state, c *call, a *protocol.Assert) []outcome {
	for _, v := range c.args {
		m.finishPassed(st, v)
	}
	if a.Arg >= len(c.args) {
		return returns(st, nil)
	}
	v := unbox(c.args[a.Arg]) // any(err): what counts is what is inside
	var holds value
	switch a.Value {
	case "nil", "nonnil":
		holds = m.compare(st, tokenEQL, v, nilVal{})
	case "equal":
		if a.Other >= len(c.args) {
			return returns(st, nil)
		}
		other := unbox(c.args[a.Other])
		if isCount(v) || isCount(other) {
			// What a test counts in fields is changed by what it calls, out of sight.
			return returns(st, nil)
		}
		holds = m.compare(st, tokenEQL, v, other)
	default:
		holds = v
	}
	positive := a.Value != "nonnil" && a.Value != "false"
	if a.Tells {
		if !positive {
			holds = st.negate(holds)
		}
		return returns(st, holds)
	}
	if !st.assume(holds, positive) {
		return nil
	}
	if a.Value == "nonnil" {
		m.fill(st, c, v, c.args[len(c.args)-1]) // require.ErrorAs(t, err, &target)
	}
	return returns(st, nil)
}

// isCount reports whether a value is a number or a text that is written down.
func isCount(v value) bool {
	c, ok := v.(constVal)
	return ok && c.c.Kind() != constant.Bool
}
