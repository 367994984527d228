package txflow

import "maps"

// givesBack reports whether a cell is one in which a caller finds the transaction, among its
// arguments.
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
	m.markState(st)
	for _, c := range k.filled {
		// What external memory holds stays reachable, and so what a caller finds in
		// its arguments.
		if m.cells[c].external && m.cells[c].root == 0 || m.keepParams && m.givesBack(st, c) {
			m.markCell(c)
		}
	}
	dead := func(s symID) bool { return m.forgotten(s, maxWays) }
	for found := true; found; {
		found = false
		for _, c := range k.filled {
			if root := m.cells[c].root; !k.hasCell(c) && root != 0 && !dead(root) {
				m.markCell(c)
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

// markState marks what the frames of a path lead to, and the conditions that it remembers.
func (m *machine) markState(st *state) {
	for _, f := range st.frames {
		if f.pinned != nil {
			m.mark(f.pinned)
		}
		for _, v := range f.regs {
			m.mark(v)
		}
		for _, d := range f.defers {
			m.mark(d.fun)
			for _, a := range d.args {
				m.mark(a)
			}
		}
	}
	for _, v := range st.idle {
		m.mark(v)
	}
}

func (m *machine) mark(v value) {
	switch v := v.(type) {
	case symVal:
		m.markSym(v.id)
	case handle:
		m.markSym(v.via)
	case holder:
		m.markSym(v.id)
	case addr:
		m.markCell(v.cell)
	case ctxVal:
		m.markSym(v.id)
	case cancelVal:
		m.markSym(v.id)
	}
	for _, c := range children(v) {
		m.mark(c)
	}
}

func (m *machine) markCell(c cellID) {
	k := &m.marks
	if c == 0 || k.hasCell(c) {
		return
	}
	k.cells[c] = k.round
	if root := m.cells[c].root; root != 0 {
		m.markSym(root)
	}
	k.in(c, m.mark)
}

func (m *machine) markSym(s symID) {
	k := &m.marks
	if s == 0 || k.hasSym(s) {
		return
	}
	k.syms[s] = k.round
	info := &m.syms[s]
	m.markCell(info.root)
	m.markSym(info.deps[0])
	m.markSym(info.deps[1])
	m.markCell(m.cellBehind(s))
}

// forgotten reports whether a symbol was not reached, and cannot be found again the way it was
// found, which may lead over that many others.
// Have: if s.cfg.enabled { s.cfg.on = true }, and s.cfg is loaded each time
func (m *machine) forgotten(s symID, ways int) bool {
	k, info := &m.marks, &m.syms[s]
	switch root := m.cells[info.root].root; {
	case s == 0 || k.hasSym(s) || info.sub == sentinelSub:
		return false
	case ways == 0:
		return true
	case m.keepParams && (m.ofParam(s) || m.answeredBy(s) >= 0):
		return false
	case info.root != 0: // memory
		return !info.rereads || root != 0 && !k.hasCell(info.root) && m.forgotten(root, ways-1)
	case info.depth > 0 || info.deps[0] != 0: // an operation, perhaps on constants
		return m.forgotten(info.deps[0], ways-1) || m.forgotten(info.deps[1], ways-1)
	}
	return true
}
