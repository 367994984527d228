package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"github.com/txcheck/txcheck/internal/protocol"
)

// playRole does what a protocol says of a call; it reports false where the role
// does not touch the transaction and the call is to be judged like any other.
func (m *machine) playRole(st *state, c *call, role *protocol.Role) ([]outcome, bool) {
	outs, ok := m.act(st, c, role)
	if role.Nilness == nil && role.Assert == nil && !role.Pure && !role.Running && !role.Writable {
		for _, o := range outs {
			for _, a := range c.args {
				m.spoil(o.st, c, a) // tx.First(&user)
			}
		}
	}
	return outs, ok
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
		if outs, ok := m.finishCall(st, c, f); ok {
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
		fails.facts[err.id] = fact{nilness: isNotNil}
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
		st.facts[s.id] = fact{nilness: isNotNil}
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
	other := func(i int) value { return m.yielded(st, c, "#"+strconv.Itoa(i)) }
	fails := st.clone()
	m.finish(fails)
	err := m.yielded(fails, c, "err")
	fails.facts[err.id] = fact{nilness: isNotNil}
	return []outcome{{st: st, result: place(nilVal{}, last, res, other)}, {st: fails, result: place(err, last, res, other)}}, true
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

// ownError answers a question about an error that the function has made itself; ok reports
// whether it is one. The answer is top where it hangs on what somebody else has made.
func (m *machine) ownError(st *state, c *call, err value) (answer value, ok bool) {
	if !m.isSettled(st, err) {
		return nil, false
	}
	made, isBoxed := err.(boxed)
	switch {
	case len(c.args) == 2 && c.name == "As":
		answer = m.asTarget(st, err, c.args[1])
		if _, unknown := answer.(lost); unknown {
			m.fill(st, c, err, c.args[1])
		}
		return answer, true
	case isBoxed && len(c.args) == 2 && c.name == "Is":
		return m.isTarget(st, made, c.args[1]), true
	}
	return lost{}, isBoxed
}

// fill stores what is found inside an error in the variable that it is looked for with,
// if that is the address of one which may hold errors.
// Have: var taken *pgconn.PgError; if errors.As(err, &taken) && taken.Code == "23505" { ... }
func (m *machine) fill(st *state, c *call, err, target value) {
	to, ok := target.(boxed)
	if !ok {
		return
	}
	typ := pointerElem(to.typ)
	if typ == to.typ || !types.IsInterface(typ) && !types.Implements(typ, errorInterface) {
		return
	}
	m.spoil(st, c, to)
	s, ok := unbox(err).(symVal)
	if a, isAddr := to.v.(addr); ok && isAddr && (isPointer(typ) || types.IsInterface(typ)) {
		sub := "as " + strconv.Itoa(int(s.id)) + types.TypeString(typ, nil)
		found := m.symbol(symKey{sub: sub}, symInfo{deps: [2]symID{s.id}})
		st.learn(found.id, fact{nilness: isNotNil})
		m.write(st, a, found)
	}
}

// isCount reports whether a value is a number or a text that is written down.
func isCount(v value) bool {
	c, ok := v.(constVal)
	return ok && c.c.Kind() != constant.Bool
}

// nilnessRole knows an error result without looking at a body.
func (m *machine) nilnessRole(st *state, c *call, n *protocol.Nilness) []outcome {
	other := func(i int) value { return m.yielded(st, c, "#"+strconv.Itoa(i)) }
	switch {
	case n.NonNil:
		inside, own := m.wraps(st, c)
		return []outcome{m.failure(st, c, n, carried{own: own, inside: inside})}
	case n.Arg >= len(c.args):
		return returns(st, nil)
	case n.ProvesArg:
		outs := m.proof(st, c, c.args[n.Arg])
		for i := range outs {
			outs[i].result = place(outs[i].result, n.Result, resultType(c.instr), other)
		}
		return outs
	}
	if sig := c.instr.Common().Signature(); sig.Variadic() && n.Arg == sig.Params().Len()-1 {
		return m.joined(st, c, n)
	}
	switch arg := c.args[n.Arg]; st.nilnessOf(arg) {
	case isNil:
		return returns(st, place(nilVal{}, n.Result, resultType(c.instr), other))
	case isNotNil:
		return []outcome{m.failure(st, c, n, carried{})}
	default:
		// The result is nil exactly when the argument is: one symbol serves both.
		return returns(st, place(arg, n.Result, resultType(c.instr), other))
	}
}

// failure is a call of that kind which yields an error, and what is known of that.
func (m *machine) failure(st *state, c *call, n *protocol.Nilness, of carried) outcome {
	err := m.yielded(st, c, "err")
	st.facts[err.id] = fact{nilness: isNotNil, of: of}
	other := func(i int) value { return m.yielded(st, c, "#"+strconv.Itoa(i)) }
	return outcome{st: st, result: place(err, n.Result, resultType(c.instr), other)}
}

// joined follows a call whose error is nil exactly when all of its last arguments
// are. Each way in which it is not nil is one in which another argument is the
// first that is not.
func (m *machine) joined(st *state, c *call, n *protocol.Nilness) []outcome {
	other := func(i int) value { return m.yielded(st, c, "#"+strconv.Itoa(i)) }
	list := c.instr.Common().Signature().Params().At(n.Arg).Type().(*types.Slice)
	size, ok := m.arrayLen(c.args[n.Arg])
	if !ok || size > maxJoined {
		return m.gathered(st, c, n, m.lengthOf(st, "len", c.args[n.Arg], list))
	}
	var outs []outcome
	a := c.args[n.Arg].(addr)
	for i := range size {
		arg := m.read(st, addr{a.cell, fieldPath(a.path, int(i))}, list.Elem(), 1)
		fails := st.clone()
		none := m.compare(st, tokenEQL, arg, nilVal{})
		if fails.assume(none, false) {
			outs = append(outs, m.failure(fails, c, n, carried{}))
		}
		if !st.assume(none, true) {
			return outs
		}
	}
	return append(outs, outcome{st: st, result: place(nilVal{}, n.Result, resultType(c.instr), other)})
}

// gathered is joined for a list of that length: what was gathered are errors, and what a
// list was made with may be none.
func (m *machine) gathered(st *state, c *call, n *protocol.Nilness, length value) []outcome {
	if made, isMade := length.(constVal); length == nil || isMade && !constant.Compare(made.c, token.EQL, constant.MakeInt64(0)) {
		return returns(st, nil)
	}
	var outs []outcome
	none := m.compare(st, tokenEQL, length, intVal(0))
	if some := st.clone(); some.assume(none, false) && m.imply(some, none) {
		outs = append(outs, m.failure(some, c, n, carried{}))
	}
	if st.assume(none, true) {
		other := func(i int) value { return m.yielded(st, c, "#"+strconv.Itoa(i)) }
		outs = append(outs, outcome{st: st, result: place(nilVal{}, n.Result, resultType(c.instr), other)})
	}
	return outs
}

// maxJoined bounds the arguments that are told apart.
const maxJoined = 4

// proof follows a predicate on an error, such as errors.Is: true proves that the
// error is not nil, and asking again gives the same answer.
func (m *machine) proof(st *state, c *call, err value) []outcome {
	var answer value = top{}
	if made, ok := m.ownError(st, c, err); ok {
		if _, isFree := made.(top); !isFree {
			return returns(st, made)
		}
		answer = m.symbol(symKey{sub: "?" + c.obj.FullName() + keyOf(agg{c.args})}, symInfo{})
	}
	if len(c.args) == 2 && same(c.args[0], c.args[1]) && m.sentinelOf(err) != "" {
		return returns(st, boolVal(true))
	}
	if s, ok := unbox(err).(symVal); ok {
		if target, ok := unbox(c.args[len(c.args)-1]).(symVal); ok && len(c.args) == 2 && m.areDistinct(s.id, target.id) {
			return returns(st, boolVal(false))
		}
		if m.isSettled(st, s) {
			return returns(st, m.isInside(st, c, s.id))
		}
		sub := "?" + c.obj.FullName() + keyOf(agg{c.args})
		answer = m.symbol(symKey{sub: sub}, symInfo{deps: [2]symID{s.id}})
	}
	yes := st.clone()
	var outs []outcome
	if yes.assume(answer, true) && yes.assume(m.compare(yes, tokenEQL, err, nilVal{}), false) {
		m.fill(yes, c, err, c.args[len(c.args)-1])
		outs = append(outs, outcome{st: yes, result: boolVal(true)})
	}
	if st.assume(answer, false) {
		outs = append(outs, outcome{st: st, result: boolVal(false)})
	}
	return outs
}
