package txflow

import (
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Where a function leaves a transaction to its caller: in its results, and below its arguments.

// heldByParams lists the places below the arguments in which a path has stored
// the transaction.
func (m *machine) heldByParams(st *state) (holds []Hold) {
	for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
		root := m.cells[l.cell].root
		if root == 0 || !m.holds(st, st.heap[l]) {
			continue
		}
		if at, ok := m.spotOf(root); ok {
			at.Path += "*" + l.path
			if t := typeBelow(m.root.Params[at.Index].Type(), at.Path); isContainerType(t) {
				at.Path += behindContents
			}
			holds = append(holds, Hold{At: at})
		}
	}
	return intoContents(holds, func(at Spot) types.Type { return m.root.Params[at.Index].Type() })
}

// typeOfResult returns the type of result i, or of what is in that, if it is an interface.
func (m *machine) typeOfResult(i int, v value) types.Type {
	if b, ok := v.(boxed); ok {
		return b.typ
	}
	return m.root.Signature.Results().At(i).Type()
}

// holdsBelow lists the places at and below a spot that lead to the transaction.
func (m *machine) holdsBelow(e exit, at Spot, v value, depth int) (holds []Hold) {
	add := func(path string, v value) {
		holds = append(holds, m.holdsBelow(e, Spot{at.Result, at.Index, at.Path + path}, v, depth-1)...)
	}
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case handle:
		return []Hold{{At: at}}
	case holder:
		if m.syms[v.id].guess {
			return nil
		}
		return []Hold{{At: at}}
	case finisher:
		return []Hold{{At: at, Func: true, Undoes: v.undoes}}
	case cancelVal:
		if m.boundTo(e.st, v.id) {
			return []Hold{{At: at, Func: true, Undoes: true}}
		}
	case boxed:
		return m.holdsBelow(e, at, v.v, depth)
	case agg:
		for i, x := range v.elems {
			add(fieldPath("", i), x)
		}
	case fnVal:
		if !m.holds(e.st, v) {
			return nil
		}
		if ends, undoes := m.closureEnds(e.st, v); ends {
			return []Hold{{At: at, Func: true, Undoes: undoes}}
		}
	case symVal: // an object that a function of another package has yielded
		if c := m.cellBehind(v.id); c != 0 {
			return m.holdsBelow(e, at, addr{cell: c}, depth)
		}
	case addr:
		for _, l := range slices.SortedFunc(maps.Keys(e.st.heap), compareLoc) {
			if l.cell != v.cell || !below(l.path, v.path) {
				continue
			}
			inside := []value{e.st.heap[l]}
			if list, ok := inside[0].(agg); ok && strings.HasSuffix(l.path, contents) {
				inside = list.elems // what was appended together
			}
			for _, w := range inside {
				add("*"+l.path[len(v.path):], w)
			}
		}
	}
	return holds
}

// closureEnds reports whether running a function value may finish the transaction, and
// whether it always rolls back.
func (m *machine) closureEnds(st *state, f fnVal) (ends, undoes bool) {
	if len(f.fn.Blocks) == 0 {
		return false, false
	}
	before := m.commits
	defer func() { m.commits = m.commits || before }()
	m.commits, undoes = false, true
	st = st.clone()
	st.tx = open
	fr := m.newFrame(f.fn)
	fr.ctx, fr.repeat = m.inner(st.top().ctx, f.fn.Blocks[0].Instrs[0]), true
	for i, v := range f.fn.FreeVars {
		fr.regs[v] = f.bind[i]
	}
	st.push(fr)
	for _, p := range f.fn.Params {
		fr.regs[p] = m.fresh(st, p, "")
	}
	for _, e := range m.run(st) {
		ends = ends || e.st.tx == finished
		undoes = undoes && e.st.tx == finished
	}
	return ends, undoes && ends && !m.commits
}
