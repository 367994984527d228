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
	a, ok := m.pointee(p)
	if !ok {
		return
	}
	m.written[loc(a)] = addrKey(store.Addr)
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
	for _, s := range m.informed(st) {
		if info := &m.syms[s]; info.root != 0 && other(info.root) {
			st.heap[loc{info.root, info.path}] = top{}
		}
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

// informed returns the symbols that the path knows something of, and those which these
// were computed from.
func (m *machine) informed(st *state) []symID {
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
	return slices.Sorted(maps.Keys(all))
}

// overwritten forgets what was stored in such memory as a callee that is not followed
// stores to.
func (m *machine) overwritten(st *state, c *call, mods map[string]bool) {
	for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
		_, isLocal := m.cells[l.cell].v.(*ssa.Alloc)
		if kind, ok := m.written[l]; ok && !isLocal && mods[kind] && !m.holds(st, st.heap[l]) {
			st.heap[l] = m.freshOf(st, c.instr, "="+strconv.Itoa(int(l.cell))+l.path)
		}
	}
}

// changed forgets what was read of values that such a thing happens to.
func (m *machine) changed(st *state, is func(info *symInfo) bool) {
	var old []symID
	for s := range st.facts {
		if info := &m.syms[s]; info.of != 0 && info.root == 0 && is(info) {
			old = append(old, s)
		}
	}
	slices.Sort(old)
	for _, s := range old {
		m.renew(st, s, true)
	}
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
		m.syms[s.id].of = m.syms[s.id].deps[0]
	}
	return s, ok
}

// pure returns what a function yields that depends on its arguments alone.
func (m *machine) pure(st *state, c *call) value {
	v := c.instr.Value()
	if v == nil {
		return nil
	}
	op := c.obj.FullName()
	tuple, ok := v.Type().(*types.Tuple)
	if !ok {
		return m.derived(st, v, op, c.params()...)
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
