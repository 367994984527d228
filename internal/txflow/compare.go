package txflow

import (
	"go/constant"
	"go/token"
	"slices"
	"strconv"
)

// compare returns the value of x op y.
func (m *machine) compare(st *state, op token.Token, x, y value) value {
	neg := false
	switch op { // only EQL, LSS and LEQ are kept
	case token.NEQ:
		op, neg = token.EQL, true
	case token.GTR:
		op, x, y = token.LSS, y, x
	case token.GEQ:
		op, x, y = token.LEQ, y, x
	}
	v := m.relation(st, op, st.reduce(x), st.reduce(y))
	if neg {
		return st.negate(v)
	}
	return v
}

// reduce replaces a symbol by the constant that it is known to be.
func (st *state) reduce(v value) value {
	if s, ok := v.(symVal); ok {
		switch f := st.fact(s.id); {
		case f.eq != nil:
			return constVal{f.eq}
		case f.nilness == isNil:
			return nilVal{}
		}
	}
	return v
}

func (m *machine) relation(st *state, op token.Token, x, y value) value {
	if isLost(x) || isLost(y) || m.cameWithError(st, x) || m.cameWithError(st, y) {
		return lost{}
	}
	if op == token.EQL {
		if _, ok := x.(nilVal); ok {
			x, y = y, x
		}
		if _, ok := y.(nilVal); ok {
			switch st.nilnessOf(x) {
			case isNil:
				return boolVal(true)
			case isNotNil:
				return boolVal(false)
			}
			switch x := x.(type) {
			case symVal:
				return cond{op, x, y, false}
			case holder:
				return cond{op, symVal{x.id}, y, false}
			}
			return top{}
		}
	}
	cx, xIsConst := x.(constVal)
	cy, yIsConst := y.(constVal)
	switch {
	case xIsConst && yIsConst:
		if cx.c.Kind() == cy.c.Kind() || isNumber(cx.c) && isNumber(cy.c) {
			return boolVal(constant.Compare(cx.c, op, cy.c))
		}
		return top{}
	case xIsConst && op == token.EQL:
		x, y, yIsConst = y, x, true
	case xIsConst: // c < x is !(x <= c)
		flipped := map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS}[op]
		return st.negate(m.relation(st, flipped, y, x))
	}
	if c, ok := x.(cond); ok && yIsConst && op == token.EQL && y.(constVal).c.Kind() == constant.Bool {
		c.neg = c.neg != !constant.BoolVal(y.(constVal).c)
		return c
	}
	if op == token.EQL {
		if is, ok := m.sameParts(st, x, y); ok {
			return is
		}
		if s, ok := m.alike(x, y); ok {
			return s
		}
	}
	sx, ok := x.(symVal)
	switch {
	case !ok:
		if op == token.EQL && same(x, y) && comparesToItself(x) {
			return boolVal(true)
		}
		if made, isBoxed := x.(boxed); op == token.EQL && isBoxed && m.isSettled(st, x) && m.isSettled(st, y) {
			if s, ok := y.(symVal); ok && m.isNewObject(st, made.v) && m.isSentinel(s.id) {
				return boolVal(false)
			}
			return lost{}
		}
		return top{}
	case yIsConst:
		if op == token.EQL {
			if is, ok := m.maskEquals(st, sx, y.(constVal).c); ok {
				return is
			}
		}
		c := cond{op, sx, y, false}
		if truth, known := st.decide(c); known {
			return boolVal(truth)
		}
		return c
	}
	sy, ok := y.(symVal)
	if !ok {
		return top{}
	}
	if sx == sy {
		return boolVal(op != token.LSS) // NaN aside
	}
	if op == token.EQL && (m.areDistinct(sx.id, sy.id) || m.isNewError(sx.id) || m.isNewError(sy.id)) {
		return boolVal(false)
	}
	if op == token.EQL && m.isSettled(st, sx) && m.isSettled(st, sy) {
		return lost{}
	}
	if op == token.EQL {
		for _, way := range [][2]symVal{{sx, sy}, {sy, sx}} {
			if is, ok := m.maskAsked(st, way[0], way[1]); ok {
				return is
			}
		}
	}
	switch {
	case op == token.EQL && sx.id > sy.id:
		sx, sy = sy, sx
	case op == token.LEQ: // x <= y is !(y < x)
		return st.negate(symVal{m.relSym(token.LSS, sy.id, sx.id)})
	}
	return symVal{m.relSym(op, sx.id, sy.id)}
}

// sameParts compares two structs or arrays part by part; ok reports whether that tells
// whether they are equal.
// Have: if row == (item{}) { return errNotFound }
func (m *machine) sameParts(st *state, x, y value) (is value, ok bool) {
	a, isAgg := x.(agg)
	b, areAggs := y.(agg)
	if !isAgg || !areAggs || len(a.elems) != len(b.elems) {
		return nil, false
	}
	equal := true
	for i := range a.elems {
		switch same, known := st.decide(m.compare(st, tokenEQL, a.elems[i], b.elems[i])); {
		case known && !same:
			return boolVal(false), true
		case !known:
			equal = false
		}
	}
	return boolVal(true), equal
}

// alike is the symbol of whether a struct or an array equals another one, which is the same
// answer as long as what is in them is.
// Have: if opts == (Options{}) { return nil }; ...; if opts == (Options{}) { return nil }
func (m *machine) alike(x, y value) (symVal, bool) {
	_, isAgg := x.(agg)
	_, areAggs := y.(agg)
	if !isAgg && !areAggs {
		return symVal{}, false
	}
	var parts []symID
	if !byParts(x, &parts) || !byParts(y, &parts) || len(parts) == 0 {
		return symVal{}, false
	}
	texts := []string{keyOf(x), keyOf(y)}
	slices.Sort(texts)
	info := symInfo{depth: 1, deps: [2]symID{m.all(parts)}}
	return m.symbol(symKey{sub: "alike " + texts[0] + " " + texts[1]}, info), true
}

// byParts reports whether a value is known by its parts, and gathers the symbols in it.
func byParts(v value, parts *[]symID) bool {
	switch v := v.(type) {
	case symVal:
		*parts = append(*parts, v.id)
		return true
	case constVal, nilVal:
		return true
	case boxed:
		return byParts(v.v, parts)
	case agg:
		return !slices.ContainsFunc(v.elems, func(e value) bool { return !byParts(e, parts) })
	}
	return false
}

// deeply answers whether two objects are equal, with all that they lead to; it reports false
// for any other call. When that is asked again something may have changed.
// Have: if reflect.DeepEqual(old, now) { return nil }
func (m *machine) deeply(st *state, c *call) (is value, ok bool) {
	if c.obj.FullName() != "reflect.DeepEqual" || m.holds(st, agg{c.args}) {
		return nil, false
	}
	var parts []symID
	info := symInfo{depth: 1}
	for _, a := range c.args {
		if isLost(unbox(a)) {
			return lost{}, true
		}
		byParts(a, &parts)
	}
	if len(parts) > 0 {
		info.deps[0] = m.all(parts)
	}
	s := m.symbol(symKey{sub: "deeply " + keyOf(agg{c.args})}, info)
	if _, known := st.decide(s); known {
		return lost{}, true
	}
	return s, true
}

// all is a symbol that depends on each of some others.
func (m *machine) all(of []symID) symID {
	if len(of) == 1 {
		return of[0]
	}
	x, y := m.all(of[:len(of)/2]), m.all(of[len(of)/2:])
	sub := "all" + strconv.Itoa(int(x)) + "," + strconv.Itoa(int(y))
	return m.symbol(symKey{sub: sub}, symInfo{depth: 1, deps: [2]symID{x, y}}).id
}

func isLost(v value) bool {
	_, ok := v.(lost)
	return ok
}

func isNumber(c constant.Value) bool {
	return c.Kind() == constant.Int || c.Kind() == constant.Float
}

func comparesToItself(v value) bool {
	switch v.(type) {
	case handle, addr, ctxVal:
		return true
	}
	return false
}
