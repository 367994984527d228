package txflow

import (
	"maps"
)

// givesBack reports whether a cell with these contents is one in which a caller finds
// the transaction, among its arguments.
func (m *machine) givesBack(st *state, c cellID, contents []value) bool {
	root := m.cells[c].root
	return root != 0 && m.ofParam(root) && m.holds(st, agg{contents})
}

// collect forgets memory and facts that nothing can reach any more, so that paths
// which only differ there meet again. The state must be owned.
func (m *machine) collect(st *state) {
	syms, cells := make(map[symID]bool), make(map[cellID]bool)
	if len(st.heap) == 0 && len(st.facts) == 0 {
		return
	}
	contents := make(map[cellID][]value)
	for l, v := range st.heap {
		contents[l.cell] = append(contents[l.cell], v)
	}
	var mark func(v value)
	var markCell func(c cellID)
	var markSym func(s symID)
	markCell = func(c cellID) {
		if c == 0 || cells[c] {
			return
		}
		cells[c] = true
		if root := m.cells[c].root; root != 0 {
			markSym(root)
		}
		for _, v := range contents[c] {
			mark(v)
		}
	}
	markSym = func(s symID) {
		if s == 0 || syms[s] {
			return
		}
		syms[s] = true
		info := &m.syms[s]
		markCell(info.root)
		markSym(info.deps[0])
		markSym(info.deps[1])
		markCell(m.cellIDs[cellKey{root: s}])
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
	for c := range contents {
		// What external memory holds stays reachable, and so what a caller finds in
		// its arguments.
		if m.cells[c].external && m.cells[c].root == 0 || m.keepParams && m.givesBack(st, c, contents[c]) {
			markCell(c)
		}
	}
	// What is in no register any more and can be found again the way it was found.
	// Have: if s.cfg.enabled { s.cfg.on = true }, and s.cfg is loaded each time
	var forgotten func(s symID, ways int) bool
	forgotten = func(s symID, ways int) bool {
		info := &m.syms[s]
		switch root := m.cells[info.root].root; {
		case s == 0 || syms[s] || info.sub == sentinelSub:
			return false
		case ways == 0:
			return true
		case m.keepParams && (m.ofParam(s) || m.answeredBy(s) >= 0):
			return false
		case info.root != 0: // memory
			return !info.rereads || root != 0 && !cells[info.root] && forgotten(root, ways-1)
		case info.depth > 0 || info.deps[0] != 0: // an operation, perhaps on constants
			return forgotten(info.deps[0], ways-1) || forgotten(info.deps[1], ways-1)
		}
		return true
	}
	dead := func(s symID) bool { return forgotten(s, maxWays) }
	for found := true; found; {
		found = false
		for c := range contents {
			if root := m.cells[c].root; !cells[c] && root != 0 && !dead(root) {
				markCell(c)
				found = true
			}
		}
	}
	maps.DeleteFunc(st.heap, func(l loc, _ value) bool { return !cells[l.cell] })
	maps.DeleteFunc(st.facts, func(s symID, _ fact) bool { return dead(s) })
	if len(st.blurred) > 0 {
		st.blurred = maps.Clone(st.blurred)
		maps.DeleteFunc(st.blurred, func(s symID, _ bool) bool { return dead(s) })
	}
}
