package txflow

import (
	"bytes"
	"go/constant"
	"go/token"
	"slices"
	"strconv"
)

// A fact is what a path knows of a symbol: only that it is (not) nil, or its
// constant value, or which constants and ranges it is not in.
type fact struct {
	nilness nilness
	eq      constant.Value
	ne      []string // exact strings of constants, sorted
	lo, hi  int64    // bounds of an integer, where hasLo, hasHi
	hasLo   bool
	hasHi   bool
	of      carried
}

// carried is what a library attaches to a value: a context, an open transaction, an error.
type carried struct {
	// ctx is the context that what is begun on the value ends with, a ctxVal or a
	// symVal; nil if there is none.
	ctx value
	// tx: it is a transaction, one that another obligation is about.
	tx bool
	// ran: a statement ran on the value, so that it may carry an error.
	ran bool
	// failed: it carries an error.
	failed bool
	// view: it is the transaction behind an interface without the finishers.
	view bool
	// gave is the transaction that a call on the value has yielded and yields again,
	// a handle or a symVal; nil if there is none.
	gave value
	// stray: the cancel of this context is in hands that are not followed.
	stray bool
	// own: an error that was made here, with nothing inside it that is not settled.
	own bool
	// inside is the only error that it wraps, 0 if there is none, or that is not known.
	inside symID
	// told: code that is not in view has done something to it since the Begin.
	told bool
}

type nilness uint8

const (
	maybeNil nilness = iota
	isNil
	isNotNil
)

// fact returns what the path knows of a symbol.
func (st *state) fact(id symID) fact {
	if f := st.facts[id]; f != nil {
		return *f
	}
	return fact{}
}

// setFact has the path know something else of a symbol. The state must be owned.
func (st *state) setFact(id symID, f fact) { st.facts[id] = &f }

func (f fact) empty() bool {
	return f.nilness == maybeNil && f.eq == nil && len(f.ne) == 0 && !f.hasLo && !f.hasHi && f.of == carried{}
}

func (f fact) key(b *bytes.Buffer) {
	b.WriteByte('0' + byte(f.nilness))
	if f.eq != nil {
		b.WriteByte('=')
		b.WriteString(f.eq.ExactString())
	}
	for _, c := range f.ne {
		b.WriteByte('^')
		b.WriteString(c)
	}
	if f.hasLo {
		b.WriteByte('>')
		b.WriteString(strconv.FormatInt(f.lo, 10))
	}
	if f.hasHi {
		b.WriteByte('<')
		b.WriteString(strconv.FormatInt(f.hi, 10))
	}
	f.of.key(b)
}

func (c carried) key(b *bytes.Buffer) {
	if c.ctx != nil {
		c.ctx.key(b)
	}
	if c.tx {
		b.WriteByte('t')
	}
	if c.ran {
		b.WriteByte('r')
	}
	if c.view {
		b.WriteByte('w')
	}
	if c.failed {
		b.WriteByte('e')
	}
	if c.stray {
		b.WriteByte('y')
	}
	if c.own {
		b.WriteByte('o')
		b.WriteString(strconv.Itoa(int(c.inside)))
	}
	if c.told {
		b.WriteByte('t')
	}
	if c.gave != nil {
		b.WriteByte('v')
		c.gave.key(b)
	}
}

// join keeps what both paths agree on, and what one of them has let out of sight.
func (c carried) join(d carried) carried {
	if c.ctx != d.ctx {
		c.ctx = nil
	}
	if c.gave != d.gave {
		c.gave = nil
	}
	if c.inside != d.inside {
		c.inside, c.own = 0, false
	}
	return carried{c.ctx, c.tx && d.tx, c.ran && d.ran, c.failed && d.failed, c.view && d.view, c.gave, c.stray || d.stray, c.own && d.own, c.inside, c.told || d.told}
}

// meet adds what g knows; it reports false when both cannot hold.
func (f fact) meet(g fact) (fact, bool) {
	if f.nilness == maybeNil {
		f.nilness = g.nilness
	} else if g.nilness != maybeNil && g.nilness != f.nilness {
		return f, false
	}
	if f.eq == nil {
		f.eq = g.eq
	} else if g.eq != nil && !constant.Compare(f.eq, token.EQL, g.eq) {
		return f, false
	}
	for _, c := range g.ne {
		if i, found := slices.BinarySearch(f.ne, c); !found {
			f.ne = slices.Insert(slices.Clone(f.ne), i, c)
		}
	}
	if g.hasLo && (!f.hasLo || g.lo > f.lo) {
		f.lo, f.hasLo = g.lo, true
	}
	if g.hasHi && (!f.hasHi || g.hi < f.hi) {
		f.hi, f.hasHi = g.hi, true
	}
	return f.settle()
}

// settle draws conclusions: a range of one is a constant, a constant needs no range.
func (f fact) settle() (fact, bool) {
	if f.hasLo && f.hasHi {
		if f.lo > f.hi {
			return f, false
		}
		if f.lo == f.hi && f.eq == nil {
			f.eq = constant.MakeInt64(f.lo)
		}
	}
	if f.eq == nil {
		return f, true
	}
	if _, found := slices.BinarySearch(f.ne, f.eq.ExactString()); found {
		return f, false
	}
	if n, exact := constant.Int64Val(constant.ToInt(f.eq)); f.eq.Kind() == constant.Int && exact {
		if f.hasLo && n < f.lo || f.hasHi && n > f.hi {
			return f, false
		}
	}
	return fact{nilness: f.nilness, eq: f.eq, of: f.of}, true
}

// join keeps what both know; lost reports whether that is less than f or g.
func (f fact) join(g fact) (_ fact, lost bool) {
	var j fact
	of := f.of.join(g.of)
	if f.nilness == g.nilness {
		j.nilness = f.nilness
	}
	if f.eq != nil && g.eq != nil && constant.Compare(f.eq, token.EQL, g.eq) {
		j.eq = f.eq
	}
	for _, c := range f.ne {
		if _, found := slices.BinarySearch(g.ne, c); found {
			j.ne = append(j.ne, c)
		}
	}
	// Bounds are dropped unless equal: a bound that grows step by step would
	// keep a loop from settling.
	if f.hasLo && g.hasLo && f.lo == g.lo {
		j.lo, j.hasLo = f.lo, true
	}
	if f.hasHi && g.hasHi && f.hi == g.hi {
		j.hi, j.hasHi = f.hi, true
	}
	f.of, g.of = carried{}, carried{} // no branch depends on it
	var fk, gk, jk bytes.Buffer
	f.key(&fk)
	g.key(&gk)
	j.key(&jk)
	j.of = of
	return j, !bytes.Equal(jk.Bytes(), fk.Bytes()) || !bytes.Equal(jk.Bytes(), gk.Bytes())
}

// factOf returns the fact that "sym op c" (or its negation) states.
func factOf(op token.Token, y value, neg bool) fact {
	if _, ok := y.(nilVal); ok {
		if neg {
			return fact{nilness: isNotNil}
		}
		return fact{nilness: isNil}
	}
	c := y.(constVal).c
	if op == token.EQL {
		switch {
		case !neg:
			return fact{eq: c}
		case c.Kind() == constant.Bool:
			return fact{eq: constant.MakeBool(!constant.BoolVal(c))}
		default:
			return fact{ne: []string{c.ExactString()}}
		}
	}
	n, exact := constant.Int64Val(constant.ToInt(c))
	if c.Kind() != constant.Int || !exact || n == -1<<63 || n == 1<<63-1 {
		return fact{}
	}
	switch {
	case op == token.LSS && !neg:
		return fact{hi: n - 1, hasHi: true}
	case op == token.LSS:
		return fact{lo: n, hasLo: true}
	case !neg: // LEQ
		return fact{hi: n, hasHi: true}
	default:
		return fact{lo: n + 1, hasLo: true}
	}
}

// decide tells whether a boolean value is known (T2).
func (st *state) decide(v value) (truth, known bool) {
	switch v := v.(type) {
	case constVal:
		if v.c.Kind() == constant.Bool {
			return constant.BoolVal(v.c), true
		}
	case symVal:
		if f := st.fact(v.id); f.eq != nil && f.eq.Kind() == constant.Bool {
			return constant.BoolVal(f.eq), true
		}
	case cond:
		f := st.fact(v.x.(symVal).id)
		if _, ok := f.meet(factOf(v.op, v.y, v.neg)); !ok {
			return false, true
		}
		if _, ok := f.meet(factOf(v.op, v.y, !v.neg)); !ok {
			return true, true
		}
	}
	return false, false
}

// assume records that a boolean value is true or false on this path; it reports
// false when that cannot be. The state must be owned by the caller.
func (st *state) assume(v value, truth bool) bool {
	if known, ok := st.decide(v); ok {
		return known == truth
	}
	switch v := v.(type) {
	case lost:
		st.vague = true
	case symVal:
		st.vague = st.vague || st.blurred[v.id]
		return st.learn(v.id, fact{eq: constant.MakeBool(truth)})
	case cond:
		st.vague = st.vague || st.blurred[v.x.(symVal).id]
		return st.learn(v.x.(symVal).id, factOf(v.op, v.y, v.neg != !truth))
	}
	return true
}

func (st *state) learn(id symID, f fact) bool {
	g, ok := st.fact(id).meet(f)
	if ok && !g.empty() {
		st.setFact(id, g)
	}
	return ok
}

// nilnessOf tells whether a value is nil.
func (st *state) nilnessOf(v value) nilness {
	switch v := v.(type) {
	case nilVal:
		return isNil
	case nonNil, handle, handleField, finisher, addr, fnVal, boxed, ctxVal, cancelVal:
		return isNotNil
	case holder:
		return st.fact(v.id).nilness
	case symVal:
		return st.fact(v.id).nilness
	}
	return maybeNil
}

// negate returns the value of !v.
func (st *state) negate(v value) value {
	if truth, known := st.decide(v); known {
		return boolVal(!truth)
	}
	switch v := v.(type) {
	case symVal:
		return cond{token.EQL, v, boolVal(true), true}
	case cond:
		v.neg = !v.neg
		return v
	case lost:
		return v
	}
	return top{}
}
