package txflow

import (
	"go/token"
	"maps"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// numbers are what something has been numbered with, from 1 on or so.
type numbers[K comparable, N ~int32] struct {
	own map[K]N
	// shared are those of a machine that has come here before, of which those after the
	// last are nobody's.
	shared     map[K]N
	lastShared N
}

func newNumbers[K comparable, N ~int32]() numbers[K, N] { return numbers[K, N]{own: make(map[K]N)} }

func (ns *numbers[K, N]) of(key K) (N, bool) {
	if n, ok := ns.own[key]; ok {
		return n, true
	}
	if n, ok := ns.shared[key]; ok && n <= ns.lastShared {
		return n, true
	}
	return 0, false
}

// last is the last number, where all are from 1 on.
func (ns *numbers[K, N]) last() N { return ns.lastShared + N(len(ns.own)) }

// share yields the same numbers, up to the last.
func (ns *numbers[K, N]) share(last N) numbers[K, N] {
	return numbers[K, N]{own: make(map[K]N), shared: ns.own, lastShared: last}
}

// cellBehind returns the cell that a pointer leads to, 0 if nobody has looked there.
func (m *machine) cellBehind(s symID) cellID {
	c, _ := m.cellIDs.of(cellKey{root: s})
	return c
}

// symbol returns the symbol of a key, which keeps the info it was first made with.
func (m *machine) symbol(key symKey, info symInfo) symVal {
	id, ok := m.symIDs.of(key)
	if !ok {
		id = symID(len(m.syms))
		m.symIDs.own[key] = id
		info.symKey = key
		m.syms = append(m.syms, info)
		if info.root != 0 {
			m.loads = append(m.loads, id)
		}
	}
	return symVal{id}
}

func (m *machine) cell(key cellKey, external bool) cellID {
	id, ok := m.cellIDs.of(key)
	if !ok {
		id = cellID(len(m.cells))
		m.cellIDs.own[key] = id
		m.cells = append(m.cells, cellInfo{key, external})
	}
	return id
}

func (m *machine) relSym(op token.Token, x, y symID) symID {
	sub := op.String() + strconv.Itoa(int(x)) + "," + strconv.Itoa(int(y))
	return m.symbol(symKey{sub: sub}, symInfo{deps: [2]symID{x, y}}).id
}

func (m *machine) inner(parent ctxID, call ssa.Instruction) ctxID {
	key := ctxKey{parent, call}
	id, ok := m.ctxs.of(key)
	if !ok {
		id = m.ctxs.last() + 1
		m.ctxs.own[key] = id
	}
	return id
}

// fresh returns a new symbol for the result of instr, which its earlier
// occurrences no longer stand for.
func (m *machine) fresh(st *state, v ssa.Value, sub string) symVal {
	fr := st.top()
	s := m.symbol(symKey{v: v, ctx: fr.ctx, sub: sub}, symInfo{})
	m.renew(st, s.id, fr.repeat || m.repeats(v))
	return s
}

// received is fresh for something that depends on what a channel holds by then.
func (m *machine) received(st *state, v ssa.Value, sub string, ch value) symVal {
	if ch, ok := ch.(symVal); ok {
		m.symbol(symKey{v: v, ctx: st.top().ctx, sub: sub}, symInfo{deps: [2]symID{ch.id}})
	}
	return m.fresh(st, v, sub)
}

// yielded is fresh for something that a call yields. A deferred call is no value that
// it could be known by.
func (m *machine) yielded(st *state, c *call, sub string) symVal {
	if v := c.instr.Value(); v != nil {
		return m.fresh(st, v, sub)
	}
	return m.freshAt(st, c.instr, sub)
}

// freshAt is fresh for something that an instruction made, other than its result.
func (m *machine) freshAt(st *state, instr ssa.Instruction, sub string) symVal {
	s := m.symbol(symKey{ctx: st.top().ctx, sub: strconv.Itoa(int(instr.Pos())) + sub}, symInfo{})
	m.renew(st, s.id, m.mayComeAgain(st, instr))
	return s
}

// renew forgets what symbol id stood for earlier on the path.
func (m *machine) renew(st *state, id symID, again bool) {
	if again {
		old := st.abstract(symVal{id})
		cell, hasCell := m.cellIDs.of(cellKey{root: id})
		st.substitute(func(v value) value {
			switch v := v.(type) {
			case symVal:
				if v.id == id {
					return old
				}
				if m.dependsOn(v.id, id) {
					return st.abstract(v)
				}
			case cond:
				if x := v.x.(symVal).id; x == id || m.dependsOn(x, id) {
					if truth, known := st.decide(v); known {
						return boolVal(truth)
					}
					return top{}
				}
			case addr:
				if hasCell && v.cell == cell {
					return nonNil{}
				}
			}
			return nil
		})
		maps.DeleteFunc(st.heap, func(l loc, _ value) bool {
			return hasCell && l.cell == cell || m.dependsOn(m.cells[l.cell].root, id)
		})
		maps.DeleteFunc(st.facts, func(s symID, _ *fact) bool { return m.dependsOn(s, id) })
	}
	delete(st.facts, id)
	delete(st.blurred, id)
	if st.owner == id {
		st.owner = 0
	}
	if st.ctx == id {
		st.ctx = 0
	}
}

// maxWays bounds how far it is looked where a symbol comes from.
const maxWays = 16

// dependsOn reports whether symbol s was made from symbol id: read through it, or
// an operation on it.
func (m *machine) dependsOn(s, id symID) bool {
	var depends func(s symID, ways int) bool
	depends = func(s symID, ways int) bool {
		switch {
		case s == 0 || ways == 0:
			return false
		case s == id:
			return true
		}
		info := &m.syms[s]
		return depends(info.deps[0], ways-1) || depends(info.deps[1], ways-1) ||
			info.root != 0 && depends(m.cells[info.root].root, ways-1)
	}
	return s != id && depends(s, maxWays)
}

// abstract returns what is known of a value, without its identity.
func (st *state) abstract(v symVal) value {
	switch f := st.fact(v.id); {
	case f.eq != nil:
		return constVal{f.eq}
	case f.nilness == isNil:
		return nilVal{}
	case f.nilness == isNotNil:
		return nonNil{}
	}
	return top{}
}

// mayComeAgain reports whether a path may come to an instruction of the top frame a second time.
func (m *machine) mayComeAgain(st *state, instr ssa.Instruction) bool {
	b := instr.Block()
	return st.top().repeat || m.flow.info(b.Parent()).inLoop[b]
}

// repeats reports whether an instruction can be executed twice in one activation.
func (m *machine) repeats(v ssa.Value) bool {
	b := defBlock(v)
	return b != nil && m.flow.info(b.Parent()).inLoop[b]
}
