package txflow

import (
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/property"
)

// The way to a Begin is the same for all that a function begins: nothing is open, and what
// others have begun is not the obligation's. Where there are many, it is gone once, and noted
// down; each obligation goes on from where its call comes.
// Have: a test that begins one transaction after the other

// minShared is how many transactions a function begins before it is worth that.
const minShared = 4

// An approach is the way to the calls of a function that begin, as far as these are not in
// loops.
type approach struct {
	flow  *flow
	root  *ssa.Function
	calls []*ssa.Call

	gone    bool
	m       *machine
	trace   *property.Trace[point, *state] // nil if the way cannot be shared
	arrived map[*ssa.BasicBlock]arrival
	// syms and cells are what obligations, one after the other, have their own in.
	syms  []symInfo
	cells []cellInfo
}

// An arrival is how much the machine knew when a path came to a block for the last time.
type arrival struct {
	syms                 symID
	cells                cellID
	ctxs                 ctxID
	loads, readOfs, ends int
	written, fieldKinds  map[loc]string
}

// newApproach returns the way to the calls of a function that begin, nil if it is not worth
// sharing.
func (f *flow) newApproach(fn *ssa.Function, calls []*ssa.Call) *approach {
	if f.opts.Why != "" || len(calls) < minShared {
		return nil
	}
	a := &approach{flow: f, root: fn}
	for _, call := range calls {
		if call.Parent() == fn && !f.info(fn).inLoop[call.Block()] {
			a.calls = append(a.calls, call)
		}
	}
	if len(a.calls) < minShared {
		return nil
	}
	return a
}

// goOnce follows the function as far as one of the calls is ahead. The machine is for none of
// them.
func (a *approach) goOnce() {
	a.gone = true
	a.arrived = make(map[*ssa.BasicBlock]arrival)
	m := newMachine(a.flow, a.root, &obligation{fn: a.root, call: new(ssa.Call)})
	m.ahead = make(blocks, len(a.root.Blocks))
	begins := make(blocks, len(a.root.Blocks))
	for _, call := range a.calls {
		begins[call.Block().Index] = true
		m.ahead.addBehind(call.Block())
	}
	keep := func(v visit) (*state, bool) {
		if v.Node.i > 0 || !begins.has(v.Node.b) {
			return nil, false
		}
		a.arrived[v.Node.b] = m.arrival()
		return v.State.clone(), true
	}
	trace := property.Record(visit{Node: point{a.root.Blocks[0], 0}, State: m.entry()}, m.stepper(func(exit) {}), m.isCapped,
		m.disjuncts(1), keep, func() int { return m.steps })
	if m.capped == "" && !m.knowsTx() {
		a.m, a.trace = m, trace
	}
}

// arrival is what the machine knows by now.
func (m *machine) arrival() arrival {
	return arrival{
		syms: symID(len(m.syms) - 1), cells: cellID(len(m.cells) - 1), ctxs: m.ctxs.last(),
		loads: len(m.loads), readOfs: len(m.readOfs), ends: len(m.ends), written: maps.Clone(m.written),
		fieldKinds: maps.Clone(m.fieldKinds),
	}
}

// knowsTx reports whether anything has become of a transaction.
func (m *machine) knowsTx() bool {
	return m.begun || m.finishes || m.commits || m.later || m.beside || m.foreign || m.outer ||
		m.born != nil || m.ctx != nil || m.ob.open != nil || m.ob.external || m.ob.held.known || len(m.lapses) > 0 || len(m.others) > 0
}

// fromApproach follows an obligation from where the way to its call ends. It returns nil if
// that cannot be shared, and where the obligation leaks: what to tell of that hangs on the
// way there as well.
func (f *flow) fromApproach(ob *obligation) (*machine, []exit) {
	a := ob.before
	if a == nil || !slices.Contains(a.calls, ob.call) {
		return nil, nil
	}
	if !a.gone {
		a.goOnce()
	}
	at := ob.call.Block()
	from, ok := a.arrived[at]
	if a.trace == nil || !ok {
		return nil, nil
	}
	own := *ob
	m := a.resume(&own, from)
	out := newWayOut(1)
	part := func(p point) property.Part {
		switch {
		case m.ahead.has(p.b):
			return property.Along
		case p.b == at:
			return property.Own
		}
		return property.Aside
	}
	pass := func(cost int) { // the work for the package was counted when the way was gone
		if m.steps += cost; m.steps > m.limit {
			m.capped = "steps"
		}
	}
	a.trace.Resume(part, pass, func() { m.cut = true }, m.stepper(out.emit), m.isCapped, m.disjuncts(1))
	exits := out.all()
	if m.capped != "" || len(m.lapses) > 0 || slices.ContainsFunc(exits, isOpen) {
		return nil, nil
	}
	return m, exits
}

// resume returns a machine for an obligation that knows what another one knew at an arrival.
func (a *approach) resume(ob *obligation, from arrival) *machine {
	m := newMachine(a.flow, a.root, ob)
	m.cutShort()
	a.syms = append(a.syms[:0], a.m.syms[:from.syms+1]...)
	a.cells = append(a.cells[:0], a.m.cells[:from.cells+1]...)
	m.syms, m.symIDs = a.syms, a.m.symIDs.share(from.syms)
	m.cells, m.cellIDs = a.cells, a.m.cellIDs.share(from.cells)
	m.ctxs = a.m.ctxs.share(from.ctxs)
	m.loads, m.readOfs, m.ends = slices.Clip(a.m.loads[:from.loads]), slices.Clip(a.m.readOfs[:from.readOfs]), slices.Clip(a.m.ends[:from.ends])
	m.written, m.fieldKinds = maps.Clone(from.written), maps.Clone(from.fieldKinds)
	return m
}
