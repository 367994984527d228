package txflow

import (
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// What an operation yields of the same values is the same value: a condition that is
// asked twice has one answer (T2). This is value numbering in the sense of Alpern,
// Wegman and Zadeck, "Detecting equality of variables in programs" (POPL 1988), along
// one path.

// maxDerived bounds how many operations a value is known by, one on the result of the
// other.
const maxDerived = 4

// derived returns the value of an operation that depends on nothing but its operands.
// One that is not known by its operands is new.
func (m *machine) derived(st *state, v ssa.Value, op string, operands ...value) value {
	if slices.ContainsFunc(operands, isLost) {
		return lost{}
	}
	if s, ok := m.operation(st, v, op, operands...); ok {
		return s
	}
	return m.fresh(st, v, "")
}

// operation is derived for operands that the result can be known by.
func (m *machine) operation(st *state, v ssa.Value, op string, operands ...value) (symVal, bool) {
	s, ok := m.operationOf(op, operands...)
	if !ok {
		return symVal{}, false
	}
	// What a loop computes of what it computed before is new on each turn.
	if (st.top().repeat || m.repeats(v)) && (m.syms[s.id].depth > 1 || isCarried(v)) {
		return symVal{}, false
	}
	return s, true
}

// operationOf returns the symbol of an operation, wherever it is.
func (m *machine) operationOf(op string, operands ...value) (symVal, bool) {
	var deps []symID
	depth := 0
	sub := op
	for _, x := range operands {
		switch x := unbox(x).(type) {
		case symVal:
			if !slices.Contains(deps, x.id) {
				deps = append(deps, x.id)
			}
			depth = max(depth, m.syms[x.id].depth)
		case constVal, nilVal:
		default:
			return symVal{}, false
		}
		sub += " " + keyOf(x)
	}
	if len(deps) == 0 || len(deps) > 2 || depth >= maxDerived {
		return symVal{}, false
	}
	info := symInfo{depth: depth + 1}
	copy(info.deps[:], deps)
	return m.symbol(symKey{sub: sub}, info), true
}

// isCarried reports whether a value may be an operand of the next turn of a loop.
func isCarried(v ssa.Value) bool {
	refs := v.Referrers()
	return refs != nil && slices.ContainsFunc(*refs, func(r ssa.Instruction) bool {
		_, ok := r.(*ssa.Phi)
		return ok
	})
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
	return slices.DeleteFunc(held, func(s symID) bool { return !all[s] })
}

// overwritten forgets what was stored in such memory as a callee that is not followed
// stores to.
func (m *machine) overwritten(st *state, c *call, mods map[string]bool) {
	for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
		_, isLocal := m.cells[l.cell].v.(*ssa.Alloc)
		if kind, ok := m.written[l]; ok && !isLocal && mods[kind] && !m.holds(st, st.heap[l]) {
			st.heap[l] = m.freshAt(st, c.instr, "="+strconv.Itoa(int(l.cell))+l.path)
		}
	}
}

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
	was := make(map[symID]symVal)
	older := func(s symID) (symVal, bool) {
		if s != id && !m.dependsOn(s, id) || !at.Pos().IsValid() {
			return symVal{}, false
		}
		old, ok := was[s]
		if !ok {
			old = m.freshAt(st, at, "was"+strconv.Itoa(int(s)))
			if f, known := st.facts[s]; known {
				st.facts[old.id] = f
			}
			was[s] = old
		}
		return old, true
	}
	st.substitute(func(v value) value {
		switch v := v.(type) {
		case symVal:
			if old, ok := older(v.id); ok {
				return old
			}
		case cond:
			if _, two := v.y.(symVal); two {
				return nil
			}
			if old, ok := older(v.x.(symVal).id); ok {
				v.x = old
				return v
			}
		}
		return nil
	})
	m.renew(st, id, true)
}

// accessorName matches methods that tell a property of their receiver.
var accessorName = regexp.MustCompile(`^(Get|Is|Has|Can|Should|Use|Supports|Needs|Allows)[A-Z0-9]|^(Name|ID|Kind|Type|Dialect|DriverName|Enabled|Empty)$`)

// accessor returns what a method without a body in view yields that is named like one
// that tells a property of its receiver. It tells the same until the receiver is used
// otherwise.
func (m *machine) accessor(st *state, c *call) (symVal, bool) {
	v := c.instr.Value()
	if v == nil || c.obj == nil || len(c.args) > 0 || !accessorName.MatchString(c.name) || m.holds(st, c.recv) {
		return symVal{}, false
	}
	if _, basic := types.Unalias(v.Type()).Underlying().(*types.Basic); !basic {
		return symVal{}, false
	}
	s, ok := m.operation(st, v, "."+c.name, c.recv)
	if ok {
		m.readOf(s.id, m.syms[s.id].deps[0], "")
	}
	return s, ok
}

// pure returns what a function yields that depends on its arguments alone, and on
// what a slice among them holds.
func (m *machine) pure(st *state, c *call) value {
	v := c.instr.Value()
	if v == nil {
		return nil
	}
	op := c.obj.FullName()
	tuple, ok := v.Type().(*types.Tuple)
	if !ok {
		x := m.derived(st, v, op, c.params()...)
		m.readsElements(x, c)
		return x
	}
	elems := make([]value, tuple.Len())
	for i := range elems {
		part := "#" + strconv.Itoa(i)
		if s, ok := m.operation(st, v, op+part, c.params()...); ok {
			elems[i] = s
		} else {
			elems[i] = m.fresh(st, v, part)
		}
	}
	return agg{elems}
}

// readsElements says of what a function yields which slice it has looked through.
func (m *machine) readsElements(v value, c *call) {
	s, ok := v.(symVal)
	if !ok || m.syms[s.id].depth == 0 {
		return
	}
	for i, a := range c.args {
		list, ok := unbox(a).(symVal)
		if kind := elementKey(c.types[i]); ok && kind != "" {
			m.readOf(s.id, list.id, kind)
			return
		}
	}
}
