package txflow

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// binOp evaluates arithmetic and comparisons.
func (m *machine) binOp(st *state, v *ssa.BinOp) value {
	x, y := m.eval(st, v.X), m.eval(st, v.Y)
	switch v.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		if isFloat(v.X.Type()) {
			break // NaN
		}
		return m.compare(st, v.Op, x, y)
	case token.ADD, token.SUB:
		if r, ok := m.sum(st, v, x, st.reduce(y)); ok {
			return r
		}
	}
	if isLost(x) || isLost(y) {
		return lost{}
	}
	return m.fresh(st, v, "")
}

func isFloat(t types.Type) bool {
	b, ok := types.Unalias(t).Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
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
	loop := st.top().repeat || m.repeats(v)
	var f fact
	switch x := x.(type) {
	case constVal:
		c, exact := constant.Int64Val(constant.ToInt(x.c))
		if x.c.Kind() != constant.Int || !exact || c < -1<<31 || c > 1<<31 {
			return nil, false
		}
		if !loop {
			return constVal{constant.MakeInt64(c + n)}, true
		}
		// The first turn of a loop is known exactly.
		s := m.fresh(st, v, "")
		st.facts[s.id] = fact{eq: constant.MakeInt64(c + n)}
		return s, true
	case symVal:
		f = st.facts[x.id]
		if f.eq != nil {
			c, exact := constant.Int64Val(constant.ToInt(f.eq))
			if f.eq.Kind() != constant.Int || !exact {
				return nil, false
			}
			if !loop {
				return constVal{constant.MakeInt64(c + n)}, true
			}
			f = fact{lo: c, hasLo: true, hi: c, hasHi: true}
		}
		f.nilness, f.ne = maybeNil, nil
	default:
		return nil, false
	}
	// The bound on the far side is dropped rather than moved: it would grow on
	// every turn of a loop.
	if n < 0 {
		f.lo, f.hasLo = 0, false
	} else {
		f.hi, f.hasHi = 0, false
	}
	f.eq = nil
	s := m.fresh(st, v, "")
	if !f.empty() {
		st.facts[s.id] = f
	}
	return s, true
}
