package txflow

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// toExits follows an obligation as far as it can leak or, where it does or somebody asks,
// on all ways out: what becomes of the transaction on the others decides how to mend it.
func (f *flow) toExits(ob *obligation) (*machine, []exit) {
	if m, exits := f.fromApproach(ob); m != nil {
		return m, exits
	}
	short, exits := f.explore(func() (*machine, *state) {
		m := newMachine(f, ob.fn, ob)
		if f.opts.Why == "" {
			m.cutShort()
		}
		return m, m.entry()
	})
	if !short.cut || len(short.lapses) == 0 && !slices.ContainsFunc(exits, isOpen) {
		return short, exits
	}
	m, all := f.explore(func() (*machine, *state) {
		m := newMachine(f, ob.fn, ob)
		return m, m.entry()
	})
	if m.capped == "" {
		return m, all
	}
	short.capped = cmp.Or(short.capped, m.capped)
	return short, exits
}

func isOpen(e exit) bool { return e.st.tx == open }

// cutShort has paths followed no further than they can leak.
func (m *machine) cutShort() {
	if m.ob.call.Parent() != m.root {
		return // in the body of a range over a function
	}
	m.ahead = make(blocks, len(m.root.Blocks))
	m.ahead.addBehind(m.ob.call.Block())
}

// blocks are some of a function, by their index.
type blocks []bool

func (bs blocks) has(b *ssa.BasicBlock) bool { return bs[b.Index] }

// addBehind adds the blocks from whose ends one can be reached.
func (bs blocks) addBehind(b *ssa.BasicBlock) {
	for work := []*ssa.BasicBlock{b}; len(work) > 0; work = work[1:] {
		for _, p := range work[0].Preds {
			if !bs[p.Index] {
				bs[p.Index] = true
				work = append(work, p)
			}
		}
	}
}

// isOver reports whether a path can leak no more: nothing is open, and the Begin is not
// ahead.
func (m *machine) isOver(st *state, b *ssa.BasicBlock) bool {
	if m.ahead == nil || st.tx == open || st.tx == handedOver || st.nested > 0 || m.ahead.has(b) {
		return false
	}
	return st.tx != unborn || b != m.ob.call.Block()
}
