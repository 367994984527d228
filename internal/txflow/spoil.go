package txflow

import (
	"cmp"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Code that is not followed may change what it can reach.

// spoil lets unknown code write through a pointer to a local variable. What holds
// the transaction keeps it.
func (m *machine) spoil(st *state, c *call, v value) {
	visited := make(map[addr]bool)
	var visit func(v value)
	visit = func(v value) {
		switch v := v.(type) {
		case boxed:
			visit(v.v)
		case agg:
			for _, e := range v.elems {
				visit(e)
			}
		case addr:
			if visited[v] {
				return
			}
			visited[v] = true
			if _, known := st.heap[loc(v)]; known && m.isError(v) && (c.deferred || st.leaving()) && !makesError(c, v) {
				return // a deferred call describes a failure, and makes none
			}
			failed := m.isError(v) && st.nilnessOf(st.heap[loc(v)]) == isNotNil
			var keep bool
			for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
				if l.cell != v.cell || !below(l.path, v.path) {
					continue
				}
				w, ok := st.heap[l]
				if !ok || m.isSetOnce(l, w) {
					continue
				}
				if strings.HasSuffix(l.path, size) {
					st.heap[l] = lost{}
					continue
				}
				visit(w)
				if m.holds(st, w) {
					keep = true
					continue
				}
				delete(st.heap, l)
			}
			if keep && !isHandle(st.heap[loc(v)]) {
				m.blurFields(st, c, v)
			}
			if !keep {
				sub := "&" + strconv.Itoa(int(v.cell)) + v.path
				s := m.freshAt(st, c.instr, sub)
				if failed {
					st.learn(s.id, fact{nilness: isNotNil})
				}
				if st.tx == open && isStatement(c.instr) {
					st.carry(s.id, func(of *carried) { of.told = true })
				}
				st.heap[loc(v)] = s
			}
		}
	}
	visit(v)
}

// isError reports whether a local variable is an error. Code that is given a pointer to
// one adds to a failure, and never takes it back.
// Have: defer done(&err)
func (m *machine) isError(a addr) bool {
	t := m.cellType(a)
	return t != nil && a.path == "" && isErrorType(t)
}

// blurFields forgets the fields of a struct which holds the transaction: what its
// methods decide by is then not known, if the callee may have called these.
func (m *machine) blurFields(st *state, c *call, a addr) {
	typ := m.cellType(a)
	if typ == nil {
		return
	}
	s, ok := coreStruct(typ)
	if !ok {
		return
	}
	for i := range min(s.NumFields(), maxFields) {
		at := loc{a.cell, fieldPath(a.path, i)}
		if _, isStruct := coreStruct(s.Field(i).Type()); !isStruct && !m.holds(st, st.heap[at]) {
			st.heap[at] = lost{}
			if fillsIn(c.obj) {
				st.heap[at] = m.freshAt(st, c.instr, "."+strconv.Itoa(int(a.cell))+at.path)
			}
		}
	}
}

// fillsIn reports whether a function of the standard library is given nothing but data and
// what to put it into.
// Have: json.Unmarshal(body, job), where job has the transaction, too
func fillsIn(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || !protocol.InStandard(fn.Pkg().Path()) {
		return false
	}
	for p := range fn.Signature().Params().Variables() {
		t := p.Type()
		if list, ok := types.Unalias(t).Underlying().(*types.Slice); ok {
			t = list.Elem()
		}
		if !isBasic(t) && !isEmptyInterface(t) {
			return false
		}
	}
	return true
}

// spoilFields lets a callee that is not followed write the fields and globals that
// its body stores to, so that reading them again tells nothing of before.
func (m *machine) spoilFields(st *state, c *call) {
	var writes func(info *symInfo) bool
	inView := c.fn != nil && len(c.fn.Blocks) > 0
	switch {
	case inView:
		mods := m.flow.modifies(c.fn)
		writes = func(info *symInfo) bool { return mods[info.mem] }
		m.overwritten(st, c, mods)
		m.mayAnswerAnew(st, func(kind string) bool { return mods[kind] })
		if given := m.givenToWrite(c); len(given) > 0 && !m.flow.looks(c.fn) { // it may pass them on
			m.loseAnswers(st, func(info *symInfo) bool { return slices.Contains(given, m.cells[info.root].root) })
		}
	default:
		roots := m.givenToWrite(c)
		writes = func(info *symInfo) bool {
			root := m.cells[info.root].root
			return slices.Contains(roots, root) || slices.Contains(roots, cmp.Or(info.of, m.syms[root].of))
		}
		if len(roots) == 0 || c.obj != nil && c.obj.Pkg() == m.flow.pass.Pkg {
			return
		}
	}
	m.changed(st, c.instr, writes)
	again := func(info *symInfo) bool { return info.rereads && writes(info) }
	for _, s := range m.inHand(st, m.loads, again) {
		l := loc{m.syms[s].root, m.syms[s].path}
		if _, stored := st.heap[l]; stored {
			continue
		}
		if (inView || fillsIn(c.obj)) && m.syms[s].asked == nil {
			st.heap[l] = m.freshAt(st, c.instr, "*"+strconv.Itoa(int(s)))
		} else {
			st.heap[l] = lost{}
		}
	}
}

// givenToWrite are the objects of which a callee that is not in view may write the fields.
func (m *machine) givenToWrite(c *call) (roots []symID) {
	add := func(v value) {
		if s, ok := unbox(v).(symVal); ok {
			roots = append(roots, s.id)
		}
	}
	add(c.recv)
	for i, a := range c.args {
		if !m.onlyReads(c, i) {
			add(a)
		}
	}
	return roots
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
