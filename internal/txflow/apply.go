package txflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// summaryOf returns what is known of a callee whose body is not followed.
func (m *machine) summaryOf(c *call) *Summary {
	if c.fn != nil && len(c.fn.Blocks) > 0 {
		if cases := m.flow.values(c.fn); cases != nil {
			return &Summary{Errors: withoutTypes(cases), Looks: m.flow.looks(c.fn)}
		}
		return nil
	}
	if c.obj == nil {
		return nil
	}
	s := new(Summary)
	if m.flow.importFact(c.obj, s) {
		return s
	}
	return nil
}

// analysed reports whether the callee's package was looked at, so that silence
// about the callee means that it only uses what it is given.
func (m *machine) analysed(c *call) bool {
	if c.obj == nil || c.obj.Pkg() == nil || c.obj.Signature().Recv() != nil && types.IsInterface(c.obj.Signature().Recv().Type()) {
		return false
	}
	if c.obj.Pkg() == m.flow.pass.Pkg {
		return true
	}
	var r reached
	return m.flow.pass.ImportPackageFact(c.obj.Pkg(), &r) && r.Analysed
}

// lacksFacts reports whether the callee's package can name transactions and was not
// looked at: the driver has no facts of it, and the callee may do anything. A package
// that cannot name them has no facts under any driver.
func (m *machine) lacksFacts(c *call) bool {
	if c.obj == nil || c.obj.Pkg() == nil || m.analysed(c) || m.flow.protocols.Describes(c.obj.Pkg().Path()) {
		return false
	}
	if recv := c.obj.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return false
	}
	return m.flow.leadsToLibrary(c.obj.Pkg())
}

// leadsToLibrary reports whether a package imports a transaction library, or one that
// declares an interface of transactions, directly or through others.
func (f *flow) leadsToLibrary(pkg *types.Package) bool {
	if declaresTx(pkg) {
		return true
	}
	seen := map[*types.Package]bool{pkg: true}
	for work := []*types.Package{pkg}; len(work) > 0; {
		pkg, work = work[0], work[1:]
		for _, p := range pkg.Imports() {
			if f.protocols.Relevant(p.Path()) || declaresTx(p) {
				return true
			}
			if !seen[p] {
				seen[p] = true
				work = append(work, p)
			}
		}
	}
	return false
}

// applySummary does what the fact of a callee says (T8); it reports false where
// there is none, or where it is silent on this call.
func (m *machine) applySummary(st *state, c *call) ([]outcome, bool) {
	s := m.summaryOf(c)
	if s == nil {
		return nil, false
	}
	c.looks = s.Looks
	m.exposeGiven(st, c)
	begins := len(s.Begins) > 0 && m.beginning(st, c.instr)
	if _, renews := m.renewed(st, c, s); m.subject != nil && len(s.Begins) > 0 && !renews && !m.hasBegun(st, c, s) {
		m.overlap(st)
	}
	switch {
	case s.Ends == quietEnd:
		return nil, true
	case s.Ends != mayReturn:
		return []outcome{{st: st, end: s.Ends.exitKind(), at: c.instr}}, true
	case begins && !m.hasBegun(st, c, s):
		return m.applyBegins(st, c, s), true
	case len(s.Begins) > 0 && !m.passesTx(st, c):
		return m.applyCases(st, c, s.Begins[0].withoutHolds(), func(*state, Case) {}), true
	}
	for _, u := range s.Uses {
		if v, _ := m.valueAt(st, c, u.At); v != nil && m.endsParent(st, v) {
			m.lose(st, "the transaction that it is part of may have ended")
		}
		if v, typ := m.valueAt(st, c, u.At); v != nil && (m.isTx(st, v) || m.standsFor(st, v, typ)) && !u.onlyLooks(typ) {
			if m.passesEnd(st, c) || isFunc(typ) && m.passesOther(st, c, s.Uses, u.At) || u.leavesOpen() && m.mayGiveAway(st, c) {
				m.lose(st, "a function that ends it may be called")
			}
			return m.applyUse(st, c, u), true
		}
	}
	m.loseToAgents(st, c)
	if begins { // and has begun
		return m.applyCases(st, c, s.Begins[0].withoutHolds(), func(*state, Case) {}), true
	}
	if len(s.Runs) > 0 {
		if outs, ok := m.applyRuns(st, c, s); ok {
			return outs, true
		}
	}
	if m.storesAnswer(c, s.Errors) {
		return nil, false
	}
	if len(s.Errors) > 0 && !m.takesOutOfContext(st, c) && (c.lent || !m.passesTx(st, c) || m.lentAway(st, c) || m.looksOn(st, c, s.Errors)) {
		var outs []outcome
		for _, st := range m.runArgs(st, c) {
			outs = append(outs, m.applyCases(st, c, s.Errors, func(*state, Case) {})...)
		}
		if len(outs) > 1 && m.isForetold(st, c) {
			for i := range outs {
				outs[i].result = lost{}
			}
		}
		return outs, true
	}
	return nil, false
}

// leavesOpen reports whether the transaction may still be open afterwards.
func (u Use) leavesOpen() bool {
	return slices.ContainsFunc(u.Cases, func(k Case) bool { return k.Tx == open })
}

// applyUse does what a callee does to the transaction at one place of the arguments.
func (m *machine) applyUse(st *state, c *call, u Use) []outcome {
	return m.applyCases(st, c, u.Cases, func(st *state, k Case) {
		switch k.Tx {
		case finished: // also what was handed over, in a field of the receiver's
			m.finishOne(st, u.Undoes == undoesAlways || u.Undoes == undoesError && c.tellsError(st))
		case handedOver:
			m.handOver(st, "the callee keeps it")
		case unknown:
			m.lose(st, "what the callee does with it is not known")
		}
	})
}

// passesOther reports whether another function that ends the transaction is passed at one
// more of the places that a fact tells of.
// Have: Ops{Commit: tx.Commit, Rollback: tx.Rollback}.End(&err)
func (m *machine) passesOther(st *state, c *call, uses []Use, at Spot) bool {
	return slices.ContainsFunc(uses, func(u Use) bool {
		v, typ := m.valueAt(st, c, u.At)
		return u.At != at && v != nil && typ != nil && isFunc(typ) && m.standsFor(st, v, typ)
	})
}

// hasBegun reports whether a callee that begins is given the transaction, and by that does
// not begin.
// Have: if b.tx == nil { b.tx, err = b.db.Begin() }
func (m *machine) hasBegun(st *state, c *call, s *Summary) bool {
	if st.tx != open || !m.passesTx(st, c) {
		return false
	}
	for _, b := range s.Begins {
		opening := slices.DeleteFunc(slices.Clone(b.Cases), func(k Case) bool { return k.Tx != open })
		if len(m.applyCases(st.clone(), c, opening, func(*state, Case) {})) > 0 {
			return false
		}
	}
	return true
}

// standsFor reports whether a value that leads to the transaction is passed in its
// place: a struct that is a handle, a function that ends it, or any object where the
// callee has an interface. The finishers that are called there are the object's own, and
// end what it leads to.
// Have: defer sqlutil.EndTransaction(updater, &ok)
func (m *machine) standsFor(st *state, v value, typ types.Type) bool {
	return typ != nil && (types.IsInterface(typ) || m.flow.canBeTx(typ) || isFunc(typ)) && m.holds(st, v)
}

func (m *machine) passesTx(st *state, c *call) bool {
	for _, a := range c.params() {
		if m.holds(st, a) {
			return true
		}
	}
	return false
}

// lentAway reports whether a function of another package, of which it is known that it
// only uses what it is given, is given the transaction itself, and yields nothing made
// of it.
func (m *machine) lentAway(st *state, c *call) bool {
	if c.fn != nil && len(c.fn.Blocks) > 0 || !m.analysed(c) || m.passesUnseen(st, c) {
		return false
	}
	for v := range c.sig.Results().Variables() {
		if m.flow.mayHold(v.Type()) && !isErrorType(v.Type()) {
			return false
		}
	}
	return !slices.ContainsFunc(c.params(), func(v value) bool { return m.holds(st, v) && !m.isTx(st, v) })
}

// looksOn reports whether a function of another package only looks at an object that
// leads to the transaction, and all that it tells of that is known: the fields that it
// decides by, and which of them it returns.
// Have: func (r Result) OK() bool { return r.Err == nil }
func (m *machine) looksOn(st *state, c *call, cases []Case) bool {
	if c.fn != nil && len(c.fn.Blocks) > 0 || !m.analysed(c) || c.sig == nil {
		return false
	}
	for i, a := range c.params() {
		if i == 0 && m.flow.isStandIn(c.obj) {
			continue // of a type that is known to lead to transactions
		}
		if t := m.paramType(c, i); m.holds(st, a) && (t == nil || len(m.flow.txPaths(t)) == 0) {
			return false
		}
	}
	for _, k := range cases {
		for _, w := range k.When {
			if v, _ := m.valueAt(st, c, w.At); v == nil || m.insideHolder(st, c, w.At) && !m.knows(st, v, w) {
				return false
			}
		}
		for i := range c.sig.Results().Len() {
			t := c.sig.Results().At(i).Type()
			told := slices.ContainsFunc(k.Then, func(is Cond) bool { return is.At.Result && is.At.Index == i && is.Is == condSame })
			if m.flow.mayHold(t) && !isErrorType(t) && !told {
				return false
			}
		}
	}
	return true
}

// applyBegins opens the obligation's transaction in the cases in which the callee
// leaves one open.
func (m *machine) applyBegins(st *state, c *call, s *Summary) []outcome {
	which := min(m.ob.which, len(s.Begins)-1)
	if c.instr != ssa.CallInstruction(m.ob.call) {
		which = 0
	}
	b := s.Begins[which]
	if st.gathered != nil || !m.mayBear(st, c.instr) {
		return m.applyCases(st, c, b.withoutHolds(), func(*state, Case) {})
	}
	var outs []outcome
	if m.gathers(st, c.instr) {
		outs = m.applyCases(st.clone(), c, b.withoutHolds(), func(*state, Case) {})
		m.handOver(st, "it is kept in a container")
		st.gathered = nil
	}
	cases := b.Cases
	if u, ok := m.renewed(st, c, s); ok {
		outs = append(outs, m.applyUse(st.clone(), c, u)...)
		cases = slices.DeleteFunc(slices.Clone(cases), func(k Case) bool { return k.Tx != open })
	} else if st.tx == open && !m.endedBy(st, c, s) {
		m.lapses = append(m.lapses, lapse{st: st.clone(), instr: c.instr, again: true})
	}
	o := &protocol.Open{Handle: protocol.Place{Kind: protocol.Result}, Level: b.Level}
	if b.ErrField != "" {
		o.Err = protocol.Place{Kind: protocol.OfHandle, Path: strings.Split(b.ErrField, ".")}
	}
	m.ob.open, m.ob.origin, m.ob.wrapped, m.ob.ctx = o, c.instr, append([]Opening{}, b.Openings...), b.Ctx
	m.forget(st)
	if b.Chosen {
		m.choose(st, c)
	}
	return append(outs, m.applyCases(st, c, cases, func(st *state, k Case) {
		st.tx, st.ctx, st.beginErr = unborn, 0, isNotNil
		if k.Tx == open {
			st.tx, st.kept, st.entrusted, st.beginErr, st.settled, st.bornAt = open, false, noTrust, isNil, nil, siteOf(st, c.instr)
			m.begun = true
			if b.Ctx != nil {
				if ctx, _ := m.valueAt(st, c, *b.Ctx); ctx != nil {
					m.boundBy(st, ctx)
				}
			}
			st.trail = &step{prev: st.trail, kind: stepBegin, instr: c.instr, depth: len(st.frames)}
		}
	})...)
}

// renewed is what a callee does to an open transaction that it is passed, and begins another
// one after, at times.
// Have: if !full { return nil }; if err := w.tx.Commit(); err != nil { return err }; w.tx, err = w.db.Begin()
func (m *machine) renewed(st *state, c *call, s *Summary) (Use, bool) {
	for _, u := range s.Uses {
		if v, _ := m.valueAt(st, c, u.At); st.tx == open && u.Renews && v != nil && m.isTx(st, v) {
			return u, true
		}
	}
	return Use{}, false
}

// endedBy reports whether a callee that begins first ends the transaction that it
// is passed, in every case.
func (m *machine) endedBy(st *state, c *call, s *Summary) bool {
	for _, u := range s.Uses {
		if v, _ := m.valueAt(st, c, u.At); v == nil || !m.isTx(st, v) {
			continue
		}
		if !u.leavesOpen() {
			m.finishes, m.endsItself = true, true
			return true
		}
	}
	return false
}

// withoutHolds are the cases of a transaction that another obligation is about.
func (b Beginning) withoutHolds() (cases []Case) {
	for _, k := range b.Cases {
		k.Then = append(slices.Clip(k.Then), filled(k.Holds)...)
		k.Holds = nil
		cases = append(cases, k)
	}
	return cases
}

// filled tells of the places that lead to a transaction that something is there.
// Have: func (u *Unit) Begin() error { ...; u.tx = tx; return nil }
func filled(holds []Hold) (conds []Cond) {
	for _, h := range holds {
		if h.At.Result && h.At.Path == "" || !h.At.Result && strings.HasPrefix(h.At.Path, "*") {
			conds = append(conds, Cond{At: h.At, Is: condNonNil})
		}
	}
	return conds
}

// applyCases forks a call into the cases that the path allows.
func (m *machine) applyCases(st *state, c *call, cases []Case, effect func(*state, Case)) (outs []outcome) {
	for _, k := range cases {
		s := st.clone()
		feasible := true
		for _, w := range k.When {
			v, _ := m.valueAt(s, c, w.At)
			if v == nil || isLost(v) && k.Tx == unborn && !c.looks {
				continue // what a callee asks that changes it itself is another question each time
			}
			if m.insideHolder(s, c, w.At) && !m.knows(s, v, w) && !(w.isBound() && k.tellsFailure(c.sig.Results())) {
				s.vague = true // a flag of an object whose history is not known
			}
			if !m.assumeCond(s, v, w) {
				feasible = false
				break
			}
		}
		if !feasible {
			continue
		}
		if k.Tx == open && slices.ContainsFunc(k.Untold, func(i int) bool { return m.tells(s, c, i) }) {
			k.Tx = unknown
		}
		forgotten := false
		if c.looks && isOneOfSeveral(k, cases) {
			if forgotten, feasible = m.agrees(s, c, k); !feasible {
				continue
			}
		}
		effects := m.effectsOf(s, c, k)
		m.letGo(s, c.params()...)
		effect(s, k)
		m.spoilArgs(s, c, k, cases)
		m.storeEffects(s, c, effects)
		m.learnLengths(s, c, k)
		result := m.caseResult(s, c, k)
		for _, h := range k.Holds {
			if !h.At.Result {
				m.holdParam(s, c, h)
			}
		}
		if forgotten {
			result = lost{}
		}
		outs = append(outs, outcome{st: s, result: result})
	}
	return outs
}

// tells reports whether anything is known of argument i of a call.
func (m *machine) tells(st *state, c *call, i int) bool {
	params := c.params()
	if i >= len(params) || m.holds(st, params[i]) {
		return false
	}
	if f, ok := unbox(params[i]).(fnVal); ok {
		given := m.given(st, c, f)
		if given == nil {
			return !m.mayWorkInside(st, c, f)
		}
		return !st.canEnter(f.fn, f.bind) || slices.ContainsFunc(m.enter(st.clone(), c, f.fn, f.bind, given, true), func(o outcome) bool { return o.st.tx != open })
	}
	s, ok := unbox(params[i]).(symVal)
	if !ok {
		return true
	}
	for known := range st.facts {
		if known == s.id || m.dependsOn(known, s.id) {
			return true
		}
	}
	return false
}

func (m *machine) assumeCond(st *state, v value, c Cond) bool {
	switch c.Is {
	case condNil, condNonNil:
		return st.assume(m.compare(st, tokenEQL, v, nilVal{}), c.Is == condNil)
	case condTrue, condFalse:
		return st.assume(v, c.Is == condTrue)
	case condConst, condOther, condAtLeast, condAtMost:
		return st.assume(m.constCond(st, v, c), true)
	}
	return true
}

// constCond is a condition on a number or a text.
func (m *machine) constCond(st *state, v value, c Cond) value {
	want, ok := constOf(c.Const)
	if !ok {
		return top{}
	}
	switch c.Is {
	case condOther:
		return m.compare(st, token.NEQ, v, want)
	case condAtLeast:
		return m.compare(st, token.GEQ, v, want)
	case condAtMost:
		return m.compare(st, token.LEQ, v, want)
	}
	return m.compare(st, tokenEQL, v, want)
}
