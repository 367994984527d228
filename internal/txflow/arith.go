package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// binOp evaluates arithmetic and comparisons.
func (m *machine) binOp(st *state, v *ssa.BinOp) value {
	x, y := m.eval(st, v.X), m.eval(st, v.Y)
	switch v.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		if isFloat(v.X.Type()) {
			break // NaN is neither less nor not less
		}
		if same(x, y) {
			m.foundEnded(st, x, y)
		}
		return m.compare(st, v.Op, x, y)
	case token.ADD, token.SUB:
		if r, ok := m.sum(st, v, x, st.reduce(y)); ok {
			return r
		}
	}
	if c, ok := m.fold(st, v, st.reduce(x), st.reduce(y)); ok {
		return c
	}
	if v.Op != token.XOR || !st.top().repeat && !m.repeats(v) { // what a loop flips may never come back
		if r, ok := m.maskWith(st, v.Op, st.reduce(x), st.reduce(y)); ok {
			return r
		}
	}
	return m.derived(st, v, "op"+v.Op.String(), x, y)
}

// maxFolded bounds the numbers and texts that constants are folded to: they fit any
// type that is not of a byte or two.
const maxFolded = 1 << 15

// fold computes with constants, where what a loop computes of them stays bounded.
func (m *machine) fold(st *state, v *ssa.BinOp, x, y value) (value, bool) {
	cx, xOk := x.(constVal)
	cy, yOk := y.(constVal)
	basic, isBasic := types.Unalias(v.Type()).Underlying().(*types.Basic)
	if !xOk || !yOk || !isBasic || cx.c.Kind() != cy.c.Kind() {
		return nil, false
	}
	bounded := v.Op == token.REM || v.Op == token.QUO || v.Op == token.SHR || v.Op == token.AND || v.Op == token.AND_NOT ||
		v.Op == token.OR && (isConst(v.X) || isConst(v.Y))
	if !bounded && (st.top().repeat || m.repeats(v)) {
		return nil, false
	}
	switch {
	case cx.c.Kind() == constant.String && v.Op == token.ADD:
		c := constant.BinaryOp(cx.c, v.Op, cy.c)
		return constVal{c}, len(constant.StringVal(c)) < maxFolded
	case cx.c.Kind() != constant.Int, basic.Info()&types.IsInteger == 0, constant.Sign(cx.c) < 0, constant.Sign(cy.c) < 0:
		return nil, false
	case (v.Op == token.REM || v.Op == token.QUO) && constant.Sign(cy.c) == 0:
		return nil, false // it panics
	case v.Op == token.QUO:
		return constVal{constant.BinaryOp(cx.c, token.QUO_ASSIGN, cy.c)}, true // of integers
	case v.Op == token.SHR:
		by, exact := constant.Uint64Val(cy.c)
		return constVal{constant.Shift(cx.c, v.Op, uint(min(by, 64)))}, exact
	}
	switch v.Op {
	case token.REM, token.AND, token.OR, token.XOR, token.AND_NOT, token.MUL:
		c := constant.BinaryOp(cx.c, v.Op, cy.c)
		if n, exact := constant.Int64Val(c); exact && (bounded || n < maxFolded && !isNarrow(basic)) {
			return constVal{c}, true
		}
	}
	return nil, false
}

// isNarrow reports whether numbers of a type take no more than two bytes.
func isNarrow(t *types.Basic) bool {
	switch t.Kind() {
	case types.Int8, types.Uint8, types.Int16, types.Uint16:
		return true
	}
	return false
}

func isFloat(t types.Type) bool {
	b, ok := types.Unalias(t).Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

// maxTurn is up to where a counter that is compared with a constant is known exactly.
const maxTurn = 4

// fewTurns reports whether a sum counts the turns of a loop that are few, by their
// bound.
func (m *machine) fewTurns(st *state, v *ssa.BinOp) bool {
	phi, ok := v.X.(*ssa.Phi)
	return ok && v.Op == token.ADD && slices.Contains(phi.Edges, ssa.Value(v)) && (m.boundedBy(st, v) || m.boundedBy(st, phi))
}

// boundedBy reports whether a counter must be below a small number for a loop to go on.
func (m *machine) boundedBy(st *state, v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		cmp, ok := r.(*ssa.BinOp)
		if !ok || cmp.X != v || cmp.Op != token.LSS && cmp.Op != token.LEQ {
			continue
		}
		if n, ok := m.bound(st, cmp.Y); !ok || n > maxTurn {
			continue
		}
		if _, ok := cmp.Block().Instrs[len(cmp.Block().Instrs)-1].(*ssa.If); ok {
			return true
		}
	}
	return false
}

// bound returns a number that is a constant, or the length of a local array.
func (m *machine) bound(st *state, v ssa.Value) (int64, bool) {
	if c, ok := st.reduce(m.eval(st, v)).(constVal); ok && c.c.Kind() == constant.Int {
		return constant.Int64Val(c.c)
	}
	if call, ok := v.(*ssa.Call); ok && len(call.Call.Args) == 1 {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return m.arrayLen(m.eval(st, call.Call.Args[0]))
		}
	}
	return 0, false
}

// wrapped returns what a variable of an integer type holds when it is given an integer:
// one that it is too small for wraps around.
func (m *machine) wrapped(c constant.Value, t *types.Basic) constant.Value {
	sizes := m.flow.pass.TypesSizes
	if sizes == nil { // a driver need not tell
		sizes = &types.StdSizes{WordSize: 8, MaxAlign: 8}
	}
	bits := 8 * uint(sizes.Sizeof(t))
	if constant.Sign(c) >= 0 && constant.BitLen(c) < int(bits) {
		return c
	}
	one := constant.MakeInt64(1)
	size := constant.Shift(one, token.SHL, bits)
	c = constant.BinaryOp(c, token.AND, constant.BinaryOp(size, token.SUB, one))
	if t.Info()&types.IsUnsigned == 0 && constant.BitLen(c) == int(bits) {
		return constant.BinaryOp(c, token.SUB, size)
	}
	return c
}

// sum adds constants. A sum in a loop is a new symbol each time, with the bounds
// that follow, so that a counter does not make every turn of a loop a state of its own.
func (m *machine) sum(st *state, v *ssa.BinOp, x, y value) (value, bool) {
	cy, ok := y.(constVal)
	if !ok || cy.c.Kind() != constant.Int {
		return nil, false
	}
	n, exact := constant.Int64Val(cy.c)
	if !exact || n < -1<<31 || n > 1<<31 {
		return nil, false
	}
	if v.Op == token.SUB {
		n = -n
	}
	typ, isBasic := types.Unalias(v.Type()).Underlying().(*types.Basic)
	if !isBasic {
		return nil, false
	}
	loop := (st.top().repeat || m.repeats(v)) && !m.fewTurns(st, v)
	var f fact
	switch x := x.(type) {
	case constVal:
		c, exact := constant.Int64Val(constant.ToInt(x.c))
		if x.c.Kind() != constant.Int || !exact || c < -1<<31 || c > 1<<31 {
			return nil, false
		}
		total := m.wrapped(constant.MakeInt64(c+n), typ)
		if !loop {
			return constVal{total}, c <= 2*maxTurn
		}
		// The first turn of a loop is known exactly.
		s := m.fresh(st, v, "")
		st.setFact(s.id, fact{eq: total})
		return s, true
	case symVal:
		f = st.fact(x.id)
		if f.eq != nil {
			c, exact := constant.Int64Val(constant.ToInt(f.eq))
			if f.eq.Kind() != constant.Int || !exact {
				return nil, false
			}
			total := m.wrapped(constant.MakeInt64(c+n), typ)
			if !loop {
				return constVal{total}, true
			}
			if n, exact := constant.Int64Val(total); exact {
				f = fact{lo: n, hasLo: true, hi: n, hasHi: true}
			}
		}
		f.nilness, f.ne = maybeNil, nil
	default:
		return nil, false
	}
	// A bound is dropped or kept rather than moved: it would grow on every turn of
	// a loop. What follows a constant is known once.
	if n < 0 {
		f.lo, f.hasLo = 0, false
		if typ.Info()&types.IsUnsigned != 0 { // what is less than zero is large
			f.hi, f.hasHi = 0, false
		}
	} else {
		f.hi, f.hasHi = 0, false
	}
	f.eq = nil
	if s, ok := m.operation(st, v, "op"+v.Op.String(), x, y); ok && !loop {
		return s, st.learn(s.id, f)
	}
	s := m.fresh(st, v, "")
	if !f.empty() {
		st.setFact(s.id, f)
	}
	return s, true
}
