package txflow

import (
	"cmp"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// caseOf describes an exit in terms that a caller can check.
func (m *machine) caseOf(e exit) Case {
	c := Case{Tx: e.st.tx}
	if e.st.uncertain() {
		c.Tx = unknown
	}
	for _, s := range slices.Sorted(maps.Keys(e.st.facts)) {
		if at, ok := m.spotOf(s); ok {
			if is, ok := condOf(e.st, symVal{s}); ok {
				c.When = append(c.When, Cond{At: at, Is: is})
			} else {
				c.When = append(c.When, constConds(at, e.st.fact(s))...)
			}
		}
	}
	slices.SortFunc(c.When, compareConds)
	c.When = slices.Compact(c.When)
	for i, r := range e.results {
		at := Spot{Result: true, Index: i}
		if g := cmp.Or(m.sentinelOf(r), m.equalSentinel(e.st, r)); g != "" {
			c.Then = append(c.Then, Cond{At: at, Is: condGlobal, Global: g})
		} else if from, ok := m.argument(r); ok {
			c.Then = append(c.Then, Cond{At: at, Is: condSame, Same: from})
		} else if is, ok := m.told(e.st, at, r); ok {
			c.Then = append(c.Then, is)
		}
		if name := typeInside(r); name != "" {
			c.Then = append(c.Then, Cond{At: at, Is: condType, Const: name})
		}
		switch {
		case c.Tx == open || c.Tx == handedOver:
			c.Holds = append(c.Holds, intoContents(m.holdsBelow(e, at, r, maxHops+1), func(Spot) types.Type { return m.typeOfResult(i, r) })...)
			if m.ob.call == nil || m.holds(e.st, r) {
				c.Then = append(c.Then, m.flagsBelow(e, at, r)...)
			}
		case m.ob.call == nil, c.Tx == unborn && m.flow.mayHold(m.root.Signature.Results().At(i).Type()):
			c.Then = append(c.Then, m.flagsBelow(e, at, r)...)
		}
	}
	c.Then = append(c.Then, m.effects(e.st)...)
	return c
}

// maxEffects bounds what is told of the memory of the arguments.
const maxEffects = 6

// effects tells what a path has stored in the memory of the arguments that conditions are
// made of.
// Have: func Step(tx *sql.Tx, done *bool) error { ...; *done = true; return tx.Rollback() }
func (m *machine) effects(st *state) (conds []Cond) {
	for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
		root := m.cells[l.cell].root
		if root == 0 || len(conds) == maxEffects || strings.HasPrefix(l.path, answerMark) || strings.HasSuffix(l.path, size) {
			continue
		}
		at, ok := m.spotOf(root)
		if !ok || strings.Contains(at.Path, "*") {
			continue
		}
		at.Path += "*" + l.path
		v := st.heap[l]
		if s, ok := v.(symVal); m.holds(st, v) || ok && m.cellBehind(s.id) != 0 {
			continue // it leads to something
		}
		switch is, ok := m.told(st, at, v); {
		case !ok:
			conds = append(conds, Cond{At: at, Is: condAny})
		case is.Is != condSame || is.Same != at:
			conds = append(conds, is)
			if n, ok := m.atLeastOne(st, at, v); ok {
				conds = append(conds, n)
			}
		}
	}
	return conds
}

// atLeastOne tells that a list at a place is not empty.
// Have: e.list = append(e.list, err)
func (m *machine) atLeastOne(st *state, at Spot, v value) (Cond, bool) {
	s, ok := v.(symVal)
	if !ok {
		return Cond{}, false
	}
	n := m.knownLength(st, s)
	at.Path += lengthStep
	return Cond{At: at, Is: condAtLeast, Const: "1"}, n.hasLo && n.lo > 0
}

// told is what a condition can tell of a value at a spot: that it is nil or not, true or
// false, a constant, or what stands at a spot of the arguments.
func (m *machine) told(st *state, at Spot, v value) (Cond, bool) {
	if is, ok := condOf(st, v); ok {
		return Cond{At: at, Is: is}, true
	}
	if is, ok := constantAt(st, at, v); ok {
		return is, true
	}
	return m.sameAt(at, v)
}

// sameAt tells at which spot of the arguments a value stands, too.
func (m *machine) sameAt(at Spot, v value) (Cond, bool) {
	s, isSym := unbox(v).(symVal)
	if !isSym {
		return Cond{}, false
	}
	from, ok := m.spotOf(s.id)
	return Cond{At: at, Is: condSame, Same: from}, ok
}

// argument returns the parameter that a pointer is.
// Have: func (b *Batch) Add(x any) *Batch { ...; return b }
func (m *machine) argument(v value) (Spot, bool) {
	s, ok := v.(symVal)
	if !ok {
		return Spot{}, false
	}
	at, ok := m.spotOf(s.id)
	if !ok || at.Path != "" {
		return Spot{}, false
	}
	return at, isPointer(m.root.Params[at.Index].Type())
}

// hangsOn returns the arguments on which a path depends in a way that a condition of a
// case cannot say, by what was computed of them, and whether what one of them holds in
// memory is among that.
// Have: if r.count--; r.count > 0 { return nil }
func (m *machine) hangsOn(st *state) (params []int, memory bool) {
	for s := range st.facts {
		if _, ok := m.spotOf(s); ok {
			continue
		}
		for _, at := range m.computedOf(s, maxDerived) {
			memory = memory || strings.Contains(at.Path, "*")
			if !slices.Contains(params, at.Index) {
				params = append(params, at.Index)
			}
		}
	}
	return params, memory
}

// computedOf are the places in the arguments from which a symbol was computed: by an
// operation, or by a function among them.
func (m *machine) computedOf(s symID, depth int) (spots []Spot) {
	if s == 0 || depth < 0 {
		return nil
	}
	if at, ok := m.spotOf(s); ok {
		return []Spot{at}
	}
	info := &m.syms[s]
	if i := m.answeredBy(s); i >= 0 {
		spots = append(spots, Spot{Index: i})
	}
	for _, d := range append(info.deps[:], m.cells[info.root].root) {
		spots = append(spots, m.computedOf(d, depth-1)...)
	}
	return spots
}

// answeredBy returns the parameter that is a function which yielded a value, or -1.
// Have: if done() { return nil }
func (m *machine) answeredBy(s symID) int {
	if call, ok := m.syms[s].v.(*ssa.Call); ok {
		if p, ok := call.Call.Value.(*ssa.Parameter); ok {
			return slices.Index(m.root.Params, p)
		}
	}
	return -1
}

// tellsFailure reports whether callers see by an error that a case has come out.
func (c Case) tellsFailure(res *types.Tuple) bool {
	return slices.ContainsFunc(c.Then, func(t Cond) bool {
		return t.At.Result && t.At.Path == "" && isErrorType(res.At(t.At.Index).Type()) && (t.Is == condNonNil || t.Is == condGlobal)
	})
}

// flagsBelow lists what is known of the fields of the struct that a result is or points
// to, where a transaction is in it or would be: its methods, and callers, may decide by
// them.
func (m *machine) flagsBelow(e exit, at Spot, v value) []Cond {
	typ := m.root.Signature.Results().At(at.Index).Type()
	b, isBoxed := v.(boxed)
	if isBoxed {
		v, typ = b.v, b.typ
	}
	switch v := v.(type) {
	case addr:
		at.Path = "*"
		return m.flags(e.st, at, v, pointerElem(typ), maxNesting)
	case agg:
		if isBoxed {
			return nil // nobody can name a field of what is in an interface
		}
		return m.flags(e.st, at, v, typ, maxNesting)
	}
	return nil
}

// constantAt tells which number or text a value is known to be.
func constantAt(st *state, at Spot, v value) (Cond, bool) {
	c, ok := st.reduce(v).(constVal)
	if !ok {
		return Cond{}, false
	}
	text := c.c.ExactString()
	return Cond{At: at, Is: condConst, Const: text}, isConstText(text)
}

// isState reports whether a field may be what the methods of its struct decide by: an
// integer, or a text of a type of its own or that is not empty.
// Have: type Session struct { tx *sql.Tx; state State }
func isState(t types.Type, is Cond) bool {
	b, ok := t.Underlying().(*types.Basic)
	_, named := types.Unalias(t).(*types.Named)
	return ok && (b.Info()&types.IsInteger != 0 || b.Info()&types.IsString != 0 && (named || is.Const != `""`))
}

// flags lists the fields of a struct, or of the struct at an address, that are
// known to be true, false, nil or a constant, the errors that are known not to be nil,
// and those that are arguments.
func (m *machine) flags(st *state, at Spot, v value, typ types.Type, depth int) (conds []Cond) {
	s, ok := coreStruct(typ)
	if !ok || s.NumFields() > maxFields || depth == 0 {
		return nil
	}
	for i := range s.NumFields() {
		t := s.Field(i).Type()
		var field value
		below := at
		below.Path = fieldPath(at.Path, i)
		switch v := v.(type) {
		case addr:
			inner := addr{v.cell, fieldPath(v.path, i)}
			if path, contents, ok := atomicContents(t); ok {
				below.Path, inner.path, t = below.Path+path, inner.path+path, contents
			}
			if _, isStruct := coreStruct(t); isStruct {
				conds = append(conds, m.flags(st, below, inner, t, depth-1)...)
				continue
			}
			field = m.read(st, inner, t, 1)
		case agg:
			if i >= len(v.elems) {
				return conds
			}
			field = v.elems[i]
			if _, isStruct := coreStruct(t); isStruct {
				conds = append(conds, m.flags(st, below, field, t, depth-1)...)
				continue
			}
		}
		if field == nil || isHandle(field) {
			continue
		}
		if closed, _, ok := m.closedFlag(st, field); ok && isSignal(t) {
			below.Path += "*" + closedPath
			field, t = closed, types.Typ[types.Bool]
		}
		if is, ok := m.sameAt(below, field); ok && m.ob.call == nil {
			conds = append(conds, is)
			continue
		}
		if is, ok := condOf(st, field); ok && (is != condNonNil || isErrorType(t)) {
			conds = append(conds, Cond{At: below, Is: is})
		} else if is, ok := constantAt(st, below, field); ok && isState(t, is) {
			conds = append(conds, is)
		}
	}
	return conds
}

// sentinelOf names the package-level error that a value is, "" if it is none.
func (m *machine) sentinelOf(v value) string {
	s, ok := unbox(v).(symVal)
	if !ok {
		return ""
	}
	if g, ok := m.syms[s.id].v.(*ssa.Global); ok && m.isSentinel(s.id) {
		return g.Pkg.Pkg.Path() + "." + g.Name()
	}
	return ""
}

// equalSentinel names the package-level error that a path has found a value to equal.
func (m *machine) equalSentinel(st *state, v value) string {
	s, ok := unbox(v).(symVal)
	if !ok {
		return ""
	}
	for _, rel := range slices.Sorted(maps.Keys(st.facts)) {
		info := &m.syms[rel]
		if !strings.HasPrefix(info.sub, token.EQL.String()) || info.deps[0] != s.id && info.deps[1] != s.id {
			continue
		}
		if equal, known := st.decide(symVal{rel}); !known || !equal {
			continue
		}
		for _, d := range info.deps {
			if g := m.sentinelOf(symVal{d}); g != "" {
				return g
			}
		}
	}
	return ""
}

func condOf(st *state, v value) (condKind, bool) {
	if truth, known := st.decide(v); known {
		if truth {
			return condTrue, true
		}
		return condFalse, true
	}
	switch st.nilnessOf(v) {
	case isNil:
		return condNil, true
	case isNotNil:
		return condNonNil, true
	}
	return 0, false
}

// spotOf names the place among the arguments that a symbol was read from.
func (m *machine) spotOf(s symID) (Spot, bool) {
	var suffix string
	for range 4 {
		info := &m.syms[s]
		switch {
		case info.asked != nil:
			return Spot{}, false
		case info.root != 0 && m.cells[info.root].root != 0:
			suffix = "*" + info.path + suffix
			s = m.cells[info.root].root
		case info.deps[0] != 0 && info.deps[1] == 0 && strings.HasPrefix(info.sub, "/"):
			_, path, _ := strings.Cut(info.sub, ".")
			suffix = "." + path + suffix
			s = info.deps[0]
		case info.deps[0] != 0 && info.deps[1] == 0 && info.isLength():
			suffix = lengthStep + suffix
			s = info.deps[0]
		case info.by != masked{}:
			suffix = info.by.String() + suffix
			s = info.deps[0]
		default:
			if base, step, ok := m.maskParam(info); ok {
				suffix = step + suffix
				s = base
				continue
			}
			p, ok := info.v.(*ssa.Parameter)
			if !ok || info.sub != "" || info.ctx != 0 {
				return Spot{}, false
			}
			i := slices.Index(m.root.Params, p)
			return Spot{Index: i, Path: suffix}, i >= 0
		}
	}
	return Spot{}, false
}
