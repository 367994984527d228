package txflow

import (
	"go/token"
	"go/types"
	"maps"
	"math"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// maxLending bounds how deep questions about callees may nest: beyond that, what a
// callee does is not known.
const maxLending = 64

// A lending is what is known of a function that is given a transaction.
type lending struct {
	known lendingKind
	// relies is the first of the questions being asked, by their number, that the
	// answer takes for answered; of a question, its own.
	relies int
}

type lendingKind uint8

const (
	lendingAsked lendingKind = 1 + iota // it is being found out
	lendingOnly
	lendingMore
)

// reliesOnNone is where an answer takes nothing for granted.
const reliesOnNone = math.MaxInt

// onlyLent reports whether the transaction is among the arguments of a call, as
// itself or in a struct, and the callee only uses it, so that its body need not be
// followed. A short one is followed all the same: it may tell more of its results.
func (m *machine) onlyLent(st *state, c *call) bool {
	if m.inContext() || c.fn == nil || c.fn.Parent() != nil || isWrapper(c.fn) || len(c.fn.Blocks) == 0 || m.isShort(c.fn) {
		return false
	}
	lent := false
	for i, p := range c.params() {
		switch {
		case i >= len(c.fn.Params) || m.endsTxOtherwise(st, p):
			return false
		case !m.holds(st, p):
			if m.reaches(st, p, isCode) && m.flow.isAgent(c.fn.Params[i].Type()) {
				return false
			}
		case !m.isOnlyUsedIn(st, p, c.fn.Params[i]):
			return false
		default:
			lent = true
		}
	}
	return lent
}

// A lentPlace is where a function finds the transaction: at a path below a parameter, or in a
// captured variable.
type lentPlace struct {
	of   ssa.Value
	path string
	made bool // not itself, but something that was made of it
}

// isOnlyUsedIn reports whether a callee only uses the transaction where a value that it is
// passed, or has captured, has it, and is led by that to nothing else that it could end it by, or
// that it writes to. Finely that is asked for places which the type of the parameter tells of, and
// others are followed: more is known then of what the callee yields.
func (m *machine) isOnlyUsedIn(st *state, v value, p ssa.Value) bool {
	places, ok := m.placesIn(st, v, p)
	if !ok {
		return false
	}
	for _, at := range places {
		if !m.coarse && (at.made || !slices.Contains(m.flow.lentSpots(p), at.path)) || !m.onlyUsesAt(at) {
			return false
		}
	}
	return true
}

// placesIn are those at which a value holds the transaction; ok is false if it leads to it in
// some other way as well.
func (m *machine) placesIn(st *state, v value, p ssa.Value) (places []lentPlace, ok bool) {
	if m.isTx(st, v) {
		_, made := unbox(v).(holder)
		return []lentPlace{{p, "", made}}, true
	}
	a, ok := m.pointee(v)
	if !ok {
		return nil, false
	}
	typ := pointerElem(p.Type())
	mods := m.flow.modifies(p.Parent())
	for l, w := range st.heap {
		if l.cell != a.cell || !below(l.path, a.path) {
			continue
		}
		path := l.path[len(a.path):]
		switch {
		case mods[memKey(path, nil, typeAt(typ, path))]:
			return nil, false
		case m.isTx(st, w):
			_, made := unbox(w).(holder)
			places = append(places, lentPlace{p, "*" + path, made})
		case m.reaches(st, w, func(v value) bool { return isHandle(v) || isCode(v) }):
			return nil, false
		}
	}
	slices.SortFunc(places, func(x, y lentPlace) int { return strings.Compare(x.path, y.path) })
	return places, true
}

// isAgent reports whether a callee can pass the transaction to code of its caller's
// choice by way of a parameter of type t: it is no interface, or one with a method
// that takes a transaction.
func (f *flow) isAgent(t types.Type) bool {
	iface, ok := types.Unalias(t).Underlying().(*types.Interface)
	if !ok {
		return true
	}
	for method := range iface.Methods() {
		for p := range method.Signature().Params().Variables() {
			if f.canBeTx(p.Type()) || types.IsInterface(p.Type()) {
				return true
			}
		}
	}
	return false
}

// isCode reports whether it is known which code a value of function or interface
// type stands for.
func isCode(v value) bool {
	switch v.(type) {
	case fnVal, boxed:
		return true
	}
	return false
}

// endsTxOtherwise reports whether a value ends the transaction without holding it.
func (m *machine) endsTxOtherwise(st *state, v value) bool {
	return m.reaches(st, v, func(v value) bool {
		_, cancels := v.(cancelVal)
		return cancels || m.endsParent(st, v)
	})
}

// isHarmless reports whether running a function literal, any number of times, does
// nothing to the transaction but use it: of the variables that it shares with its
// function, those that hold the transaction are the transaction's own, or structs with it in
// a field.
func (m *machine) isHarmless(st *state, f fnVal) bool {
	if len(f.fn.Blocks) == 0 || isRangeBody(f.fn) || f.fn.Synthetic != "" || m.flow.mayOpen(f.fn) {
		return false
	}
	for i, v := range f.bind {
		switch {
		case m.endsTxOtherwise(st, v):
			return false
		case !m.holds(st, v):
		case i >= len(f.fn.FreeVars):
			return false
		case m.isTx(st, v):
			if !m.onlyUses(f.fn.FreeVars[i]) {
				return false
			}
		case !m.isOnlyUsedIn(st, v, f.fn.FreeVars[i]):
			return false
		}
	}
	return true
}

// spoilShared lets a function literal that is not run write the variables that it
// shares with its function.
func (m *machine) spoilShared(st *state, c *call, f fnVal) {
	for i, v := range f.bind {
		if i >= len(f.fn.FreeVars) || !onlyRead(f.fn.FreeVars[i]) {
			m.spoil(st, c, v)
		}
	}
}

// onlyRead reports whether a captured variable, or a field of one, is nowhere written or
// passed on.
func onlyRead(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			if r.Op != token.MUL {
				return false
			}
		case *ssa.FieldAddr:
			if !onlyRead(r) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyUses reports whether the function of a parameter, or of a captured variable, only uses
// a transaction wherever one can be passed in it.
func (f *flow) onlyUses(p ssa.Value) bool {
	spots := f.lentSpots(p)
	return len(spots) > 0 && !slices.ContainsFunc(spots, func(path string) bool { return !f.onlyUsesAt(lentPlace{of: p, path: path}) })
}

// onlyUsesAt reports whether a function leaves the transaction at a place open on every path,
// and keeps nothing of it: neither in its results nor in memory that outlives the call.
//
// What functions that call one another do to it follows by induction: one that is
// being asked about is taken to only use it. If it turns out to do more, what relied
// on that is forgotten.
func (f *flow) onlyUsesAt(at lentPlace) bool {
	switch l := f.lent[at]; {
	case len(at.of.Parent().Blocks) == 0:
		return false
	case l.known == lendingMore || l.known != 0 && l.relies < f.barrier:
		return false
	case l.known != 0:
		f.relies = min(f.relies, l.relies)
		return true
	case f.asking == maxLending:
		return false
	}
	depth, before, mark := f.asking, f.relies, len(f.relying)
	f.lent[at] = lending{lendingAsked, depth}
	f.asking, f.relies = depth+1, reliesOnNone
	only := f.leavesOpen(at)
	relies := f.relies
	f.asking, f.relies = depth, before
	switch {
	case !only:
		for _, q := range f.relying[mark:] {
			delete(f.lent, q)
		}
		f.relying = f.relying[:mark]
		f.lent[at] = lending{lendingMore, reliesOnNone}
	case relies < depth:
		f.relying = append(f.relying, at)
		f.lent[at] = lending{lendingOnly, relies}
		f.relies = min(before, relies)
	default:
		for _, q := range f.relying[mark:] {
			f.lent[q] = lending{lendingOnly, reliesOnNone}
		}
		f.relying = f.relying[:mark]
		f.lent[at] = lending{lendingOnly, reliesOnNone}
	}
	return only
}

// onlyUses is flow.onlyUses for a machine.
func (m *machine) onlyUses(p ssa.Value) bool {
	defer m.asks()()
	return m.flow.onlyUses(p)
}

// onlyUsesAt is flow.onlyUsesAt for a machine.
func (m *machine) onlyUsesAt(at lentPlace) bool {
	defer m.asks()()
	return m.flow.onlyUsesAt(at)
}

// asks begins a question of a machine, which may take for granted what is being asked only if
// it is part of the question. What it returns ends it.
func (m *machine) asks() (end func()) {
	f, barrier := m.flow, m.flow.barrier
	if !m.inductive {
		f.barrier = f.asking
	}
	return func() { f.barrier = barrier }
}

// dropQuestions forgets what was being asked when the analysis failed, and what
// relies on it.
func (f *flow) dropQuestions() {
	maps.DeleteFunc(f.lent, func(_ lentPlace, l lending) bool { return l.relies != reliesOnNone })
	f.relying, f.asking, f.relies, f.barrier = nil, 0, reliesOnNone, 0
	f.askingEnds = 0
	f.asserted.reset()
	f.analyzing, f.assumed = 0, reliesOnNone
	for _, res := range f.done {
		res.depth = 0 // as far as it came
	}
}

// lentSpots are the paths below a parameter, or a captured variable, at which a
// transaction can be passed.
func (f *flow) lentSpots(p ssa.Value) (paths []string) {
	if v, ok := p.(*ssa.FreeVar); ok {
		t := pointerElem(v.Type())
		if _, isStruct := coreStruct(t); isStruct && !f.canBeTx(t) {
			for _, path := range f.txPaths(t) {
				paths = append(paths, "*"+path)
			}
		} else if f.canBeTx(t) || types.IsInterface(t) {
			paths = append(paths, "*")
		}
		return paths
	}
	paths = f.spotsBelow(p.(*ssa.Parameter))
	if paths == nil && types.IsInterface(p.Type()) {
		return []string{""}
	}
	return paths
}

func (f *flow) leavesOpen(at lentPlace) bool {
	only, certain := f.leavesOpenOn(at, true)
	if !certain {
		only, _ = f.leavesOpenOn(at, false)
	}
	return only
}

// leavesOpenOn tells whether a function leaves a transaction open on all paths, followed coarsely
// or finely. What a join loses makes more paths possible, so that a coarse yes is certain,
// unless it has lost the transaction itself, and a coarse no is not.
func (f *flow) leavesOpenOn(at lentPlace, coarse bool) (only, certain bool) {
	fn := at.of.Parent()
	m := newMachine(f, fn, &obligation{fn: fn})
	m.inductive, m.coarse, m.limit = true, coarse, summarySteps
	if coarse {
		m.limit = coarseSummarySteps
	}
	if at.made {
		m.stand = holder{m.symbol(symKey{sub: "made"}, symInfo{}).id}
	}
	st := m.entry()
	st.tx = open
	m.plant(st, at.of, at.path)
	given := st.top().regs[at.of]
	st.top().pinned = given
	exits := m.run(st)
	if m.capped != "" {
		return false, true
	}
	only = !m.outer && len(exits) > 0 && !slices.ContainsFunc(exits, func(e exit) bool {
		return e.st.tx != open || m.holds(e.st, agg{e.results}) ||
			at.path == "" && len(m.heldByParams(e.st)) > 0 || !m.holds(e.st, given)
	})
	return only, only && !slices.ContainsFunc(exits, func(e exit) bool { return e.st.mislaid })
}

// lentAsAny are the parameters of type any in which a function looks for a transaction, and that
// it only uses: importers do not see by the type that it is lent there.
// Have: func (u *Users) Add(tx any) error { _, err := tx.(*sql.Tx).Exec(query); return err }
func (f *flow) lentAsAny(fn *ssa.Function) (lent []int) {
	for i, p := range fn.Params {
		if isEmptyInterface(p.Type()) && slices.Contains(f.assertsTx(p), "") && f.onlyUses(p) {
			lent = append(lent, i)
		}
	}
	return lent
}

// isToldLent reports whether the fact of a callee tells that it only uses a transaction which is
// argument i, and so does not keep it.
func (m *machine) isToldLent(c *call, i int) bool {
	s := new(Summary)
	return c.obj != nil && m.analysed(c) && m.flow.importFact(c.obj, s) && slices.Contains(s.Lent, i+len(c.params())-len(c.args))
}
