package txflow

import (
	"cmp"
	"go/types"
	"maps"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// pointee returns the address that a pointer value leads to. Pointers that the
// machine does not know lead to a cell of their own.
func (m *machine) pointee(p value) (addr, bool) {
	switch p := p.(type) {
	case addr:
		return p, true
	case symVal:
		info := &m.syms[p.id]
		external := info.external || info.root != 0 && m.cells[info.root].external
		return addr{cell: m.cell(cellKey{root: p.id}, external)}, true
	}
	return addr{}, false
}

// load reads memory; typ is the type of what is read. It reports false when the
// pointer is nil, which ends the path in a panic.
func (m *machine) load(st *state, p value, typ types.Type, instr ssa.Value) (value, bool) {
	switch p := p.(type) {
	case nilVal:
		return nil, false
	case lost:
		return p, true
	case handle:
		if m.isHandleType(typ) { // a pointer to a handle that is a struct, such as *bun.Tx
			return p, true
		}
	case handleField:
		return m.loadHandleField(st, p, typ, instr), true
	case holder:
		return m.fromHolder(st, p, typ, instr), true
	}
	a, ok := m.pointee(p)
	if !ok {
		return m.fresh(st, instr, ""), true
	}
	return m.read(st, a, typ, maxNesting), true
}

// loadHandleField reads a field of the transaction: a handle inside a handle is
// the same transaction (T12), and the protocol may keep Begin's error in a field.
func (m *machine) loadHandleField(st *state, p handleField, typ types.Type, instr ssa.Value) value {
	if m.isHandleType(typ) {
		return handle{p.via}
	}
	if m.ob.open != nil && p.via != 0 && m.ob.errField(p.path) {
		if st.fact(p.via).of.failed {
			return nonNil{}
		}
		return m.errorOf(p.via)
	}
	if m.ob.open != nil && p.via == 0 && m.ob.errField(p.path) {
		switch st.beginErr {
		case isNil:
			return nilVal{}
		case isNotNil:
			return nonNil{}
		}
	}
	switch {
	case m.flow.mayHold(typ):
		return holder{m.fresh(st, instr, "").id}
	case m.ob.call == nil && isBasic(typ) && m.isOfWrapper(instr):
		return lost{}
	}
	return m.fresh(st, instr, "")
}

// isOfWrapper reports whether what is loaded is a field of an object that has a transaction, and
// was taken for one when it was taken out of an interface: no condition can name such a flag.
// Have: w := t.v.(*wrapped); if w.done { return nil }; return w.tx.Rollback()
func (m *machine) isOfWrapper(loaded ssa.Value) bool {
	owner := loaded
	if field, ok := loadedFrom(loaded).(*ssa.FieldAddr); ok {
		owner = field.X
	} else if field, ok := loaded.(*ssa.Field); ok {
		owner = field.X
	}
	return owner != loaded && !m.flow.canBeTx(owner.Type())
}

// fromHolder reads something out of a value that was made from the transaction.
func (m *machine) fromHolder(st *state, p holder, typ types.Type, instr ssa.Value) value {
	switch {
	case m.isHandleType(typ):
		return handle{}
	case m.flow.mayHold(typ):
		return p
	}
	return m.aside(m.fresh(st, instr, ""))
}

// read returns the value at an address: what was stored there or above, the zero
// value of a variable, or a symbol for memory that was there before.
func (m *machine) read(st *state, a addr, typ types.Type, depth int) value {
	s, isStruct := coreStruct(typ)
	isStruct = isStruct && depth > 0 && s.NumFields() <= maxFields
	if v, ok := st.heap[loc(a)]; ok && !(isStruct && m.partly(st, a)) {
		return v
	}
	if isStruct && m.partly(st, a) {
		elems := make([]value, s.NumFields())
		for i := range elems {
			elems[i] = m.read(st, addr{a.cell, fieldPath(a.path, i)}, s.Field(i).Type(), depth-1)
		}
		return agg{elems}
	}
	if arr, ok := types.Unalias(typ).Underlying().(*types.Array); ok && depth > 0 && arr.Len() <= maxFields && m.partly(st, a) {
		elems := make([]value, arr.Len())
		for i := range elems {
			elems[i] = m.read(st, addr{a.cell, fieldPath(a.path, i)}, arr.Elem(), depth-1)
		}
		return agg{elems}
	}
	if types.IsInterface(typ) && m.partly(st, a) {
		return m.readParts(st, a)
	}
	for cut := len(a.path); cut > 0; {
		cut = strings.LastIndexAny(a.path[:cut], ".[")
		if v, ok := st.heap[loc{a.cell, a.path[:cut]}]; ok {
			return m.project(v, a.path[cut:], typ)
		}
	}
	info := &m.cells[a.cell]
	if _, isAlloc := info.v.(*ssa.Alloc); isAlloc {
		return zero(typ, depth)
	}
	if g, ok := info.v.(*ssa.Global); ok && a.path == "" && m.flow.isSentinel(g) {
		return m.sentinel(st, g)
	}
	if g, ok := info.v.(*ssa.Global); ok && a.path == "" {
		if fn := m.flow.functionOf(g); fn != nil {
			return fnVal{fn: fn}
		}
	}
	mem := cmp.Or(m.fieldKinds[loc(a)], memKey(a.path, info.v, typ))
	return m.symbol(symKey{sub: "*" + strconv.Itoa(int(a.cell)) + a.path},
		symInfo{root: a.cell, path: a.path, mem: mem, external: info.external, rereads: m.flow.rereads(m.root, mem)})
}

// readParts puts together a struct of which code that stored it, or reads it, knows no more
// than the type parameter that it is.
// Have: func (l *list[T]) add(t T) { l.items = append(l.items, t) }, where T is a struct
func (m *machine) readParts(st *state, a addr) value {
	var elems []value
	for l := range st.heap {
		if l.cell != a.cell || len(l.path) == len(a.path) || !below(l.path, a.path) {
			continue
		}
		i, _, ok := cutPath(l.path[len(a.path):])
		if !ok || i >= maxFields {
			return top{}
		}
		for len(elems) <= i {
			elems = append(elems, top{})
		}
	}
	for i := range elems {
		at := addr{a.cell, fieldPath(a.path, i)}
		if v, ok := st.heap[loc(at)]; ok {
			elems[i] = v
		} else if m.partly(st, at) {
			elems[i] = m.readParts(st, at)
		}
	}
	return agg{elems}
}

// sentinelSub marks the symbols of sentinels.
const sentinelSub = "sentinel"

// isSentinel reports whether a symbol stands for a sentinel, which nothing that is made now
// is the same as.
func (m *machine) isSentinel(s symID) bool { return m.syms[s].sub == sentinelSub }

// sentinel returns the value of an error variable that never changes.
func (m *machine) sentinel(st *state, g *ssa.Global) symVal {
	s := m.symbol(symKey{v: g, sub: sentinelSub}, symInfo{})
	st.setFact(s.id, fact{nilness: isNotNil})
	return s
}

// partly reports whether a value stands somewhere below an address, where one that
// stands at the address itself has been overwritten.
func (m *machine) partly(st *state, a addr) bool {
	for l := range st.heap {
		if l.cell == a.cell && len(l.path) > len(a.path) && below(l.path, a.path) {
			return true
		}
	}
	return false
}

// project returns the part of a value at a path inside it.
func (m *machine) project(v value, path string, typ types.Type) value {
	switch v := v.(type) {
	case agg:
		i, rest, ok := cutPath(path)
		if ok && i < len(v.elems) {
			if rest == "" {
				return v.elems[i]
			}
			return m.project(v.elems[i], rest, typ)
		}
	case symVal:
		return m.symbol(symKey{sub: "/" + strconv.Itoa(int(v.id)) + path}, symInfo{deps: [2]symID{v.id}, external: m.syms[v.id].external})
	case handle:
		if m.isHandleType(typ) {
			return v
		}
	case holder:
		if m.isHandleType(typ) {
			return handle{}
		}
		if m.flow.mayHold(typ) {
			return v
		}
	case lost:
		return v
	}
	return top{}
}

// cutPath splits ".3.1" into 3 and ".1".
func cutPath(path string) (i int, rest string, ok bool) {
	if !strings.HasPrefix(path, ".") {
		return 0, "", false
	}
	end := strings.IndexAny(path[1:], ".[") + 1
	if end == 0 {
		end = len(path)
	}
	i, err := strconv.Atoi(path[1:end])
	return i, path[end:], err == nil
}

func fieldPath(path string, i int) string { return path + "." + strconv.Itoa(i) }

// below reports whether path p is q or inside it.
func below(p, q string) bool {
	return strings.HasPrefix(p, q) && (len(p) == len(q) || p[len(q)] == '.' || p[len(q)] == '[')
}

// write stores a value; the state must be owned. A transaction that is stored in
// something that outlives the call is handed over (T10).
func (m *machine) write(st *state, p, v value) {
	a, ok := m.pointee(p)
	if !ok {
		if m.holds(st, v) {
			m.handOver(st, "it is stored in memory that the analysis cannot follow")
		}
		return
	}
	maps.DeleteFunc(st.heap, func(l loc, _ value) bool { return l.cell == a.cell && below(l.path, a.path) })
	m.put(st, a, v)
	if m.outlives(st, a.cell) && m.cancels(st, v) {
		m.handOver(st, "the cancel of its context is stored in what outlives the call")
	}
	if len(m.signalsOf(st, v)) > 0 && m.outlives(st, a.cell) {
		m.letGo(st, v)
	}
	if !m.holds(st, v) {
		return
	}
	m.link(st, a.cell)
	if m.outlives(st, a.cell) && !m.inSubject(a.cell) && !m.cameWithError(st, v) {
		if _, isGlobal := m.cells[a.cell].v.(*ssa.Global); isGlobal {
			m.keep(st, "it is stored in a package's variable")
			return
		}
		if m.isExposed(st, a.cell) {
			m.keep(st, "it is stored in what somebody else has been given before")
			return
		}
		m.outer = m.outer || m.cells[a.cell].external && m.cells[a.cell].root != 0
		m.handOver(st, "it is stored in what outlives the call")
	}
}

// inSubject reports whether a cell is of the argument that has brought the transaction: who
// has that has it anyway.
// Have: func (u *Unit) Orders() *Orders { if u.orders == nil { u.orders = &Orders{u.tx} }; return u.orders }
func (m *machine) inSubject(c cellID) bool {
	if m.subject == nil || m.cells[c].root == 0 {
		return false
	}
	at, ok := m.spotOf(m.cells[c].root)
	return ok && at.Index == m.subject.Index
}

// link writes down where the pointer to a cell was read, so that from there the
// transaction is seen to be reached.
func (m *machine) link(st *state, c cellID) {
	root := m.cells[c].root
	from := m.syms[root].root
	if from == 0 {
		return
	}
	l := loc{from, m.syms[root].path}
	if _, stored := st.heap[l]; !stored {
		st.heap[l] = symVal{root}
		m.link(st, from)
	}
}

func (m *machine) put(st *state, a addr, v value) {
	if s, ok := v.(agg); ok {
		for i, e := range s.elems {
			m.put(st, addr{a.cell, fieldPath(a.path, i)}, e)
		}
		if len(s.elems) > 0 {
			return
		}
	}
	st.heap[loc(a)] = v
}

// outlives reports whether a cell can be reached after the function returned,
// results aside.
func (m *machine) outlives(st *state, c cellID) bool {
	if m.cells[c].external || m.cells[c].root != 0 && !m.isMade(m.cells[c].root) {
		return true // somebody else made the object
	}
	return m.isReachedFrom(st, c, func(from cellID) bool { return m.cells[from].external })
}

// isReachedFrom reports whether some cells lead to another one.
func (m *machine) isReachedFrom(st *state, c cellID, from func(cellID) bool) bool {
	for l, v := range st.heap {
		if from(l.cell) && m.reaches(st, v, func(v value) bool {
			a, ok := v.(addr)
			return ok && a.cell == c
		}) {
			return true
		}
	}
	return false
}

// holds reports whether the transaction can be reached from a value.
func (m *machine) holds(st *state, v value) bool {
	return m.reaches(st, v, isHandle)
}

func isHandle(v value) bool {
	switch v.(type) {
	case handle, handleField, holder, finisher:
		return true
	}
	return false
}

func mentionsHandle(v value) bool {
	if isHandle(v) {
		return true
	}
	for _, c := range children(v) {
		if mentionsHandle(c) {
			return true
		}
	}
	return false
}

// reaches reports whether a value, or anything in memory that it leads to, is
// such that is answers true.
func (m *machine) reaches(st *state, v value, is func(value) bool) bool {
	visited := make(map[cellID]bool)
	var visit func(v value) bool
	visit = func(v value) bool {
		if is(v) {
			return true
		}
		for _, c := range children(v) {
			if visit(c) {
				return true
			}
		}
		var cell cellID
		switch v := v.(type) {
		case addr:
			cell = v.cell
		case symVal:
			cell = m.cellBehind(v.id)
		}
		if cell == 0 || visited[cell] {
			return false
		}
		visited[cell] = true
		for l, w := range st.heap {
			if l.cell == cell && visit(w) {
				return true
			}
		}
		return false
	}
	return visit(v)
}

// ofParam reports whether a symbol was read from the arguments, where the cases of
// a summary can name it.
func (m *machine) ofParam(s symID) bool {
	_, ok := m.spotOf(s)
	return ok
}
