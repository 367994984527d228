package txflow

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// toExits follows an obligation as far as it can leak or, where it does or somebody asks,
// on all ways out: what becomes of the transaction on the others decides how to mend it.
func (f *flow) toExits(ob *obligation) (*machine, []exit) {
	short := newMachine(f, ob.fn, ob)
	if f.opts.Why == "" {
		short.cutShort()
	}
	exits := short.run(short.entry())
	if !short.cut || len(short.lapses) == 0 && !slices.ContainsFunc(exits, func(e exit) bool { return e.st.tx == open }) {
		return short, exits
	}
	m := newMachine(f, ob.fn, ob)
	if all := m.run(m.entry()); m.capped == "" {
		return m, all
	}
	short.capped = cmp.Or(short.capped, m.capped)
	return short, exits
}

// cutShort has paths followed no further than they can leak.
func (m *machine) cutShort() {
	if m.ob.call.Parent() != m.root {
		return // in the body of a range over a function
	}
	m.ahead = make(map[*ssa.BasicBlock]bool)
	for work := []*ssa.BasicBlock{m.ob.call.Block()}; len(work) > 0; work = work[1:] {
		for _, p := range work[0].Preds {
			if !m.ahead[p] {
				m.ahead[p] = true
				work = append(work, p)
			}
		}
	}
}

// isOver reports whether a path can leak no more: nothing is open, and the Begin is not
// ahead.
func (m *machine) isOver(st *state, b *ssa.BasicBlock) bool {
	if m.ahead == nil || st.tx == open || st.tx == handedOver || st.nested > 0 || m.ahead[b] {
		return false
	}
	return st.tx != unborn || b != m.ob.call.Block()
}
