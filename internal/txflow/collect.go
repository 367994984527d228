package txflow

import (
	"maps"
)

// givesBack reports whether a cell with these contents is one in which a caller finds
// the transaction, among its arguments.
func (m *machine) givesBack(st *state, c cellID) bool {
	root := m.cells[c].root
	if root == 0 || !m.ofParam(root) {
		return false
	}
	var contents []value
	m.marks.in(c, func(v value) { contents = append(contents, v) })
	return m.holds(st, agg{contents})
}

// marks are what collect has found to be reachable. They are kept for the next time: paths
// are short, and it is done at the end of each.
type marks struct {
	round    int32
	syms     []int32 // the round in which one was last reached
	cells    []int32
	contents []content
	last     []int32  // the last of the contents of a cell, as far as seen tells
	seen     []int32  // the round in which a cell last had contents
	filled   []cellID // the cells that have contents
}

// A content is a value in a cell, and the number of another one there, -1 if there is none.
type content struct {
	v    value
	next int32
}

// begin starts a round with what the heap holds.
func (k *marks) begin(m *machine, heap map[loc]value) {
	k.round++
	for len(k.syms) < len(m.syms) {
		k.syms = append(k.syms, 0)
	}
	for len(k.cells) < len(m.cells) {
		k.cells, k.last, k.seen = append(k.cells, 0), append(k.last, 0), append(k.seen, 0)
	}
	clear(k.contents)
	k.contents, k.filled = k.contents[:0], k.filled[:0]
	for l, v := range heap {
		next := int32(-1)
		if k.seen[l.cell] == k.round {
			next = k.last[l.cell]
		} else {
			k.seen[l.cell] = k.round
			k.filled = append(k.filled, l.cell)
		}
		k.last[l.cell] = int32(len(k.contents))
		k.contents = append(k.contents, content{v, next})
	}
}

// in yields what the heap holds in a cell.
func (k *marks) in(c cellID, yield func(value)) {
	if k.seen[c] != k.round {
		return
	}
	for i := k.last[c]; i >= 0; i = k.contents[i].next {
		yield(k.contents[i].v)
	}
}

func (k *marks) hasSym(s symID) bool   { return k.syms[s] == k.round }
func (k *marks) hasCell(c cellID) bool { return k.cells[c] == k.round }

// collect forgets memory and facts that nothing can reach any more, so that paths
// which only differ there meet again. The state must be owned.
func (m *machine) collect(st *state) {
	if len(st.heap) == 0 && len(st.facts) == 0 {
		return
	}
	k := &m.marks
	k.begin(m, st.heap)
	var mark func(v value)
	var markCell func(c cellID)
	var markSym func(s symID)
	markCell = func(c cellID) {
		if c == 0 || k.hasCell(c) {
			return
		}
		k.cells[c] = k.round
		if root := m.cells[c].root; root != 0 {
			markSym(root)
		}
		k.in(c, mark)
	}
	markSym = func(s symID) {
		if s == 0 || k.hasSym(s) {
			return
		}
		k.syms[s] = k.round
		info := &m.syms[s]
		markCell(info.root)
		markSym(info.deps[0])
		markSym(info.deps[1])
		markCell(m.cellBehind(s))
	}
	mark = func(v value) {
		switch v := v.(type) {
		case symVal:
			markSym(v.id)
		case handle:
			markSym(v.via)
		case holder:
			markSym(v.id)
		case addr:
			markCell(v.cell)
		case ctxVal:
			markSym(v.id)
		case cancelVal:
			markSym(v.id)
		}
		for _, c := range children(v) {
			mark(c)
		}
	}
	for _, f := range st.frames {
		if f.pinned != nil {
			mark(f.pinned)
		}
		for _, v := range f.regs {
			mark(v)
		}
		for _, d := range f.defers {
			mark(d.fun)
			for _, a := range d.args {
				mark(a)
			}
		}
	}
	for _, v := range st.idle {
		mark(v)
	}
	for _, c := range k.filled {
		// What external memory holds stays reachable, and so what a caller finds in
		// its arguments.
		if m.cells[c].external && m.cells[c].root == 0 || m.keepParams && m.givesBack(st, c) {
			markCell(c)
		}
	}
	// What is in no register any more and can be found again the way it was found.
	// Have: if s.cfg.enabled { s.cfg.on = true }, and s.cfg is loaded each time
	var forgotten func(s symID, ways int) bool
	forgotten = func(s symID, ways int) bool {
		info := &m.syms[s]
		switch root := m.cells[info.root].root; {
		case s == 0 || k.hasSym(s) || info.sub == sentinelSub:
			return false
		case ways == 0:
			return true
		case m.keepParams && (m.ofParam(s) || m.answeredBy(s) >= 0):
			return false
		case info.root != 0: // memory
			return !info.rereads || root != 0 && !k.hasCell(info.root) && forgotten(root, ways-1)
		case info.depth > 0 || info.deps[0] != 0: // an operation, perhaps on constants
			return forgotten(info.deps[0], ways-1) || forgotten(info.deps[1], ways-1)
		}
		return true
	}
	dead := func(s symID) bool { return forgotten(s, maxWays) }
	for found := true; found; {
		found = false
		for _, c := range k.filled {
			if root := m.cells[c].root; !k.hasCell(c) && root != 0 && !dead(root) {
				markCell(c)
				found = true
			}
		}
	}
	maps.DeleteFunc(st.heap, func(l loc, _ value) bool { return !k.hasCell(l.cell) })
	maps.DeleteFunc(st.facts, func(s symID, _ *fact) bool { return dead(s) })
	if len(st.blurred) > 0 {
		st.blurred = maps.Clone(st.blurred)
		maps.DeleteFunc(st.blurred, func(s symID, _ bool) bool { return dead(s) })
	}
}
