package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// exec executes an instruction that neither calls nor ends a block. It yields no
// state where the path ends in a run-time panic, and two where it forks. The state
// must be owned.
func (m *machine) exec(st *state, instr ssa.Instruction) []*state {
	one := []*state{st}
	switch v := instr.(type) {
	case *ssa.Store:
		p := m.eval(st, v.Addr)
		if _, ok := p.(nilVal); ok {
			return nil
		}
		m.write(st, p, m.eval(st, v.Val))
		m.stored(st, p, v)
		if i, ok := v.Addr.(*ssa.IndexAddr); ok && !isConst(i.Index) {
			if m.holds(st, m.eval(st, v.Val)) {
				m.handOver(st, "it is kept in an array") // one of many, like those in a slice
			} else if _, known := p.(addr); !known {
				m.scattered(st, i)
			}
		}
	case *ssa.MapUpdate:
		m.updated(st, v)
		m.putInto(st, m.eval(st, v.Map), agg{[]value{m.eval(st, v.Key), m.eval(st, v.Value)}}, "it is kept in a map")
	case *ssa.Send:
		m.letGo(st, m.eval(st, v.Chan))
		m.putInto(st, m.eval(st, v.Chan), m.eval(st, v.X), "it is sent on a channel")
		if !m.passToken(st, m.eval(st, v.Chan), true) {
			return nil
		}
	case *ssa.TypeAssert:
		return m.typeAssert(st, v)
	case *ssa.Select:
		return m.selectStmt(st, v)
	case ssa.Value:
		r, ok := m.compute(st, v)
		if !ok {
			return nil
		}
		st.set(v, r)
	}
	return one
}

// compute evaluates an instruction that yields a value; it reports false when the
// instruction panics.
func (m *machine) compute(st *state, v ssa.Value) (value, bool) {
	switch v := v.(type) {
	case *ssa.Alloc:
		return m.alloc(st, v), true
	case *ssa.UnOp:
		return m.unOp(st, v)
	case *ssa.BinOp:
		return m.binOp(st, v), true
	case *ssa.Extract:
		if t, ok := m.eval(st, v.Tuple).(agg); ok && v.Index < len(t.elems) {
			return t.elems[v.Index], true
		}
	case *ssa.MakeInterface:
		return boxed{v.X.Type(), m.eval(st, v.X)}, true
	case *ssa.ChangeInterface:
		return m.eval(st, v.X), true
	case *ssa.ChangeType:
		return m.eval(st, v.X), true
	case *ssa.Convert:
		return m.convert(st, v), true
	case *ssa.MakeClosure:
		bind := make([]value, len(v.Bindings))
		for i, b := range v.Bindings {
			bind[i] = m.eval(st, b)
		}
		return fnVal{v.Fn.(*ssa.Function), bind}, true
	case *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return m.container(st, v), true
	case *ssa.Range:
		x := m.eval(st, v.X)
		m.takeFrom(st, x)
		if isEmptiable(v, x) {
			return x, true
		}
	case *ssa.Slice:
		if x := m.eval(st, v.X); isHandle(x) {
			return x, true
		} else if a, ok := x.(addr); ok && v.Low == nil && (v.High == nil || m.isLen(a, v.High)) {
			return a, true // a slice of a local array shares its elements
		} else {
			m.takeFrom(st, x)
		}
	case *ssa.FieldAddr:
		return m.fieldAddr(st, m.eval(st, v.X), v)
	case *ssa.Field:
		x := m.eval(st, v.X)
		if h, ok := x.(handle); ok {
			name := fieldName(v.X.Type(), v.Field)
			return m.loadHandleField(st, handleField{h.via, name, v.Type()}, v.Type(), v), true
		}
		return m.project(x, fieldPath("", v.Field), v.Type()), true
	case *ssa.IndexAddr:
		return m.indexAddr(st, v)
	case *ssa.Index:
		return m.index(st, v), true
	case *ssa.Next:
		more := m.hasTurn(st, v)
		return agg{[]value{more, m.fresh(st, v, "k"), m.fresh(st, v, "v")}}, true
	case *ssa.Lookup:
		m.takeFrom(st, m.eval(st, v.X))
		if v.CommaOk {
			return agg{[]value{m.element(st, v, ""), m.element(st, v, "ok")}}, true
		}
		return m.element(st, v, ""), true
	}
	return m.fresh(st, v, ""), true
}

// alloc makes a new variable: zero, and no other pointer leads to it.
func (m *machine) alloc(st *state, v *ssa.Alloc) value {
	fr := st.top()
	c := m.cell(cellKey{v: v, ctx: fr.ctx}, false)
	if fr.repeat || m.repeats(v) {
		held := m.holds(st, addr{cell: c})
		delete(fr.regs, v)
		st.substitute(func(w value) value {
			if a, ok := w.(addr); ok && a.cell == c {
				if held {
					return holder{m.symbol(symKey{v: v, ctx: fr.ctx, sub: "old"}, symInfo{}).id}
				}
				return nonNil{}
			}
			return nil
		})
	}
	for l := range st.heap {
		if l.cell == c {
			delete(st.heap, l)
		}
	}
	return addr{cell: c}
}

func (m *machine) unOp(st *state, v *ssa.UnOp) (value, bool) {
	x := m.eval(st, v.X)
	switch v.Op {
	case token.MUL:
		y, ok := m.load(st, x, v.Type(), v)
		switch s, isSym := y.(symVal); {
		case ok && m.isToldOf(st, y):
			return lost{}, true
		case isSym && isFirstFailure(v) && st.nilnessOf(s) == maybeNil:
			st.learn(s.id, fact{nilness: isNotNil})
		}
		return y, ok
	case token.NOT:
		return st.negate(x), true
	case token.ARROW:
		m.takeFrom(st, x)
		if !m.passToken(st, x, false) {
			return nil, false
		}
		if ctx := m.doneOf(x); ctx != 0 {
			m.cancel(st, ctx)
		}
		if v.CommaOk {
			return agg{[]value{m.received(st, v, "", x), m.received(st, v, "ok", x)}}, true
		}
		return m.received(st, v, "", x), true
	case token.SUB:
		if c, ok := st.reduce(x).(constVal); ok && c.c.Kind() == constant.Int {
			if t, ok := types.Unalias(v.Type()).Underlying().(*types.Basic); ok {
				return constVal{m.wrapped(constant.UnaryOp(token.SUB, c.c, 0), t)}, true
			}
		}
	}
	return m.derived(st, v, v.Op.String(), x), true
}

// convert keeps the identity of a value where the conversion keeps its nil-ness
// and its constant.
func (m *machine) convert(st *state, v *ssa.Convert) value {
	x := m.eval(st, v.X)
	from, fromBasic := types.Unalias(v.X.Type()).Underlying().(*types.Basic)
	to, toBasic := types.Unalias(v.Type()).Underlying().(*types.Basic)
	if fromBasic && toBasic && from.Info()&types.IsInteger != 0 && to.Info()&types.IsInteger != 0 {
		if c, ok := st.reduce(x).(constVal); ok && c.c.Kind() == constant.Int {
			return constVal{m.wrapped(c.c, to)}
		}
	}
	switch {
	case nilable(v.X.Type()) && nilable(v.Type()):
		return x
	case fromBasic && toBasic:
		return m.derived(st, v, "conv "+v.Type().String(), x)
	}
	return m.fresh(st, v, "")
}

func (m *machine) fieldAddr(st *state, x value, v *ssa.FieldAddr) (value, bool) {
	switch x := x.(type) {
	case nilVal:
		return nil, false
	case handle:
		return handleField{x.via, fieldName(v.X.Type(), v.Field), v.Type()}, true
	case handleField:
		x.path += "." + fieldName(v.X.Type(), v.Field)
		return x, true
	case holder, lost:
		return x, true
	case addr:
		// A handle that is a struct value lives in a variable: &tx is &cell.
		if h, ok := st.heap[loc(x)].(handle); ok {
			return handleField{h.via, fieldName(v.X.Type(), v.Field), v.Type()}, true
		}
	}
	if a, ok := m.pointee(x); ok {
		if s, ok := x.(symVal); ok && !st.learn(s.id, fact{nilness: isNotNil}) {
			return nil, false
		}
		field := addr{a.cell, fieldPath(a.path, v.Field)}
		m.noteKind(loc(field), func() string { return addrKey(v) })
		return field, true
	}
	return m.fresh(st, v, ""), true
}

func fieldName(t types.Type, i int) string {
	if _, f := fieldType(t, i); f != nil {
		return f.Name()
	}
	return strconv.Itoa(i)
}

func (m *machine) indexAddr(st *state, v *ssa.IndexAddr) (value, bool) {
	x := m.eval(st, v.X)
	a, ok := x.(addr)
	if !ok {
		if isHandle(x) {
			return x, true
		}
		m.takeFrom(st, x)
		p, ok := m.operation(st, v, "&[]", x, m.eval(st, v.Index))
		if !ok {
			return top{}, true
		}
		m.readOf(p.id, m.syms[p.id].deps[0], "")
		return p, true
	}
	if m.isContainer(a.cell) {
		m.takeFrom(st, a)
		return top{}, true
	}
	if _, told := st.heap[loc{a.cell, a.path + contents}]; told {
		m.takeFrom(st, a)
	}
	if array, ok := st.heap[loc(a)].(symVal); ok {
		m.takeFrom(st, array)
	}
	if c, ok := st.reduce(m.eval(st, v.Index)).(constVal); ok {
		if i, exact := constant.Int64Val(constant.ToInt(c.c)); exact && i >= 0 {
			return addr{a.cell, fieldPath(a.path, int(i))}, true
		}
	}
	if m.holds(st, a) {
		return holder{m.fresh(st, v, "").id}, true
	}
	return top{}, true
}

// index reads an element of an array.
func (m *machine) index(st *state, v *ssa.Index) value {
	x := m.eval(st, v.X)
	if array, ok := x.(symVal); ok {
		m.takeFrom(st, array)
	}
	if c, ok := st.reduce(m.eval(st, v.Index)).(constVal); ok {
		if i, exact := constant.Int64Val(constant.ToInt(c.c)); exact && i >= 0 {
			return m.project(x, fieldPath("", int(i)), v.Type())
		}
	}
	if m.holds(st, x) {
		return holder{m.fresh(st, v, "").id}
	}
	return m.derived(st, v, "[]", x, m.eval(st, v.Index))
}

// typeAssert follows x.(T) and v, ok := x.(T).
func (m *machine) typeAssert(st *state, v *ssa.TypeAssert) []*state {
	x := m.eval(st, v.X)
	yes, no := x, true
	isIface := types.IsInterface(v.AssertedType)
	certain := false
	switch w := x.(type) {
	case boxed:
		certain = true
		if isIface {
			iface := v.AssertedType.Underlying().(*types.Interface)
			if no = !types.Implements(w.typ, iface); no {
				yes = nil
			}
		} else if no = !types.Identical(w.typ, v.AssertedType); no {
			yes = nil
		} else {
			yes = w.v
		}
	case nilVal:
		yes, certain = nil, true
	case lost:
		if m.inContext() {
			return m.assertAside(st, v)
		}
	case holder: // what is no transaction is something else that the context carries
		switch isCarried := m.syms[w.id].carried; {
		case isCarried && m.inContext() && !m.flow.leadsToTx(v.AssertedType):
			return m.assertAside(st, v)
		case isCarried && !m.inContext() && !m.flow.canBeTx(v.AssertedType):
			yes = m.fresh(st, v, "")
		}
	case symVal:
		if st.nilnessOf(w) == isNil || m.isNoError(w.id, v.AssertedType) {
			yes, certain = nil, true
		} else if st.fact(w.id).of.view && m.flow.canBeTx(v.AssertedType) {
			yes, certain = handle{}, true
		} else if !isIface {
			yes = m.symbol(symKey{sub: "/" + strconv.Itoa(int(w.id)) + v.AssertedType.String()}, symInfo{deps: [2]symID{w.id}})
		}
	}
	if isHandle(x) && m.flow.mayBeAsserted(v.Parent(), v.AssertedType) && (m.ob.call == nil || m.isCarried(x)) {
		certain = true // what callers pass here is one, and so is what is kept in a context
	}
	if !v.CommaOk {
		if yes == nil {
			return nil // panics
		}
		st.set(v, yes)
		return []*state{st}
	}
	fails := agg{[]value{zero(v.AssertedType, maxNesting), boolVal(false)}}
	switch {
	case yes == nil:
		st.set(v, fails)
		return []*state{st}
	case certain:
		st.set(v, agg{[]value{yes, boolVal(true)}})
		return []*state{st}
	}
	other := st.clone()
	st.set(v, agg{[]value{yes, boolVal(true)}})
	other.set(v, fails)
	if m.isSettled(st, x) || m.tellsChoice(st, v) {
		st.set(v, agg{[]value{yes, lost{}}})
		return []*state{st}
	}
	if s, ok := x.(symVal); ok {
		is, known := m.operation(st, v, "is "+v.AssertedType.String(), x)
		switch {
		case !st.learn(s.id, fact{nilness: isNotNil}), known && !st.assume(is, true):
			return []*state{other}
		case known && !other.assume(is, false):
			return []*state{st}
		}
	}
	if isIface && types.Implements(v.X.Type(), v.AssertedType.Underlying().(*types.Interface)) {
		// Only nil fails to be what its static type promises.
		if s, ok := x.(symVal); !ok || !other.learn(s.id, fact{nilness: isNil}) {
			return []*state{st}
		}
	}
	if isHandle(x) && other.tx == open && m.flow.canBeTx(v.AssertedType) {
		other.tx = unborn // what cannot be finished is no transaction
	}
	return []*state{st, other}
}

// isCarried reports whether a value is what a context carries that carries the
// transaction.
func (m *machine) isCarried(v value) bool {
	h, ok := v.(holder)
	return ok && m.syms[h.id].carried
}

func isConst(v ssa.Value) bool {
	_, ok := v.(*ssa.Const)
	return ok
}
