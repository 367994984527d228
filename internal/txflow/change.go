package txflow

import (
	"go/types"
	"maps"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// What was read of a value is something else once the value has changed, but a variable
// that has it keeps it.

// readOf says that a symbol was read of another one, from memory of a kind, so that it
// is another when that changes.
func (m *machine) readOf(s, of symID, mem string) {
	info := &m.syms[s]
	if info.of == 0 {
		m.readOfs = append(m.readOfs, s)
	}
	info.of, info.mem = of, mem
}

// changed lets what is read of values that such a thing happens to be something else
// from instruction at on.
func (m *machine) changed(st *state, at ssa.Instruction, is func(info *symInfo) bool) {
	for _, s := range m.inHand(st, m.readOfs, is) {
		m.age(st, s, at)
	}
}

// age gives what a symbol stood for, and what was computed from it, symbols of their own:
// a variable that has it keeps it.
func (m *machine) age(st *state, id symID, at ssa.Instruction) {
	if at.Pos().IsValid() {
		older := make(map[symID]symVal)
		for _, s := range slices.Sorted(maps.Keys(m.mentioned(st))) {
			if s != id && !m.dependsOn(s, id) {
				continue
			}
			old := m.freshAt(st, at, "was"+strconv.Itoa(int(s)))
			if f, known := st.facts[s]; known {
				st.facts[old.id] = f
			}
			older[s] = old
		}
		st.rename(older)
	}
	m.renew(st, id, true)
}

// rename puts symbols for others. What is known of two symbols together is lost.
func (st *state) rename(to map[symID]symVal) {
	st.substitute(func(v value) value {
		switch v := v.(type) {
		case symVal:
			if s, ok := to[v.id]; ok {
				return s
			}
		case cond:
			s, ok := to[v.x.(symVal).id]
			if _, two := v.y.(symVal); ok && !two {
				v.x = s
				return v
			}
		}
		return nil
	})
}

// inHand returns those of the given symbols that the path knows something of or holds
// in a variable, by themselves or in what was computed from them.
func (m *machine) inHand(st *state, of []symID, is func(info *symInfo) bool) (held []symID) {
	for _, s := range of {
		if is(&m.syms[s]) {
			held = append(held, s)
		}
	}
	if len(held) == 0 {
		return nil
	}
	all := m.mentioned(st)
	return slices.DeleteFunc(held, func(s symID) bool { return !all[s] })
}

// mentioned returns the symbols that a state has, and those which these were computed
// from.
func (m *machine) mentioned(st *state) map[symID]bool {
	all := make(map[symID]bool)
	var add func(s symID)
	add = func(s symID) {
		if s != 0 && !all[s] {
			all[s] = true
			add(m.syms[s].deps[0])
			add(m.syms[s].deps[1])
		}
	}
	for s := range st.facts {
		add(s)
	}
	st.substitute(func(v value) value {
		if s, ok := v.(symVal); ok {
			add(s.id)
		}
		return nil
	})
	return all
}

// stored forgets what was read of other elements of the slice that a store is to:
// nobody knows whether they are the same one.
func (m *machine) stored(st *state, p value, store *ssa.Store) {
	kind := addrKey(store.Addr)
	if i, ok := store.Addr.(*ssa.IndexAddr); ok && arrayOf(i) == nil {
		m.changed(st, store, func(info *symInfo) bool { return info.mem == kind })
	}
	a, ok := m.pointee(p)
	if !ok {
		return
	}
	m.written[loc(a)] = kind
	if _, isLocal := m.cells[a.cell].v.(*ssa.Alloc); !isLocal {
		m.mayAnswerAnew(st, func(k string) bool { return k == kind })
	}
	root := m.cells[a.cell].root
	of := m.syms[root].of
	if of == 0 {
		return
	}
	other := func(c cellID) bool {
		r := m.cells[c].root
		return r != root && m.syms[r].of == of
	}
	for l := range st.heap {
		if other(l.cell) {
			st.heap[l] = top{}
		}
	}
	for _, s := range m.inHand(st, m.loads, func(info *symInfo) bool { return other(info.root) }) {
		st.heap[loc{m.syms[s].root, m.syms[s].path}] = top{}
	}
}

// scattered forgets the elements of an array of which one, nobody knows which, is stored to.
func (m *machine) scattered(st *state, v *ssa.IndexAddr) {
	a, ok := m.eval(st, v.X).(addr)
	if !ok || m.isContainer(a.cell) {
		return
	}
	n, ok := m.arrayLen(a)
	if t := arrayOf(v); t != nil {
		n, ok = t.Len(), true
	}
	for i := range min(n, maxFields) {
		at := addr{a.cell, fieldPath(a.path, int(i))}
		if !ok || m.holds(st, m.read(st, at, v.Type().Underlying().(*types.Pointer).Elem(), maxNesting)) {
			continue
		}
		maps.DeleteFunc(st.heap, func(l loc, _ value) bool { return l.cell == at.cell && below(l.path, at.path) })
		st.heap[loc(at)] = m.fresh(st, v, "="+at.path)
	}
}
