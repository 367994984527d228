package txflow

import (
	"fmt"
	"go/constant"
	"go/token"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Flags that are bits of one number.
// Have: s.flags |= dirty; if s.flags&open == 0 { return errClosed }

// masked tells what &, |, &^ and ^ with constants do to a number, one after the other: some
// of its bits are kept, and then some are flipped.
type masked struct{ keep, flip uint64 }

// maskOf returns what an operation with a constant does.
func maskOf(op token.Token, c constant.Value) (masked, bool) {
	if c.Kind() != constant.Int || constant.Sign(c) < 0 {
		return masked{}, false
	}
	n, exact := constant.Uint64Val(c)
	if !exact {
		return masked{}, false
	}
	switch op {
	case token.AND:
		return masked{keep: n}, true
	case token.AND_NOT:
		return masked{keep: ^n}, true
	case token.OR:
		return masked{^n, n}, true
	case token.XOR:
		return masked{^uint64(0), n}, true
	}
	return masked{}, false
}

// then is what first by and then by next is done.
func (by masked) then(next masked) masked {
	return masked{by.keep & next.keep, by.flip&next.keep ^ next.flip}
}

// maskStep begins the end of a path that tells of the bits of what is there: two numbers, the
// parameter that has those which are kept, or after "^" the one that has those which are not.
const maskStep = "&"

// String ends the path to such a number.
func (by masked) String() string { return fmt.Sprintf("%s%d^%d", maskStep, by.keep, by.flip) }

// maskedBy is what a number is after what the end of a path tells.
func (m *machine) maskedBy(st *state, c *call, v value, step string) value {
	if isLost(v) {
		return v
	}
	if before, param, ok := strings.Cut(step, "@"); ok {
		i, _ := strconv.Atoi(param)
		with, _ := m.valueAt(st, c, Spot{Index: i})
		if isLost(with) {
			return with
		}
		op, x, y := token.AND, v, with
		if before == "^" {
			op, x, y = token.AND_NOT, with, v
		}
		if is, ok := m.maskWith(st, op, st.reduce(x), st.reduce(y)); ok {
			return is
		}
		if is, ok := m.operationOf("op"+op.String(), x, y); ok {
			return is
		}
		return top{}
	}
	keep, flip, _ := strings.Cut(step, "^")
	var by masked
	by.keep, _ = strconv.ParseUint(keep, 10, 64)
	by.flip, _ = strconv.ParseUint(flip, 10, 64)
	if is, ok := m.mask(st, v, by); ok {
		return is
	}
	return top{}
}

// maskParam returns the number of which an operation asks for the bits that a parameter has, or
// lacks, and the end of the path to that; it reports false for any other operation.
// Have: func (s *Session) Is(flag Flags) bool { return s.flags&flag != 0 }
func (m *machine) maskParam(info *symInfo) (base symID, step string, ok bool) {
	both := info.deps
	switch {
	case both[1] == 0:
		return 0, "", false
	case strings.HasPrefix(info.sub, "op&^ "):
		i := m.paramOf(both[0])
		return both[1], maskStep + "^@" + strconv.Itoa(i), i >= 0
	case !strings.HasPrefix(info.sub, "op& "):
		return 0, "", false
	}
	if m.paramOf(both[1]) < 0 {
		both[0], both[1] = both[1], both[0]
	}
	i := m.paramOf(both[1])
	return both[0], maskStep + "@" + strconv.Itoa(i), i >= 0
}

// paramOf returns the parameter that a symbol is, -1 if it is none.
func (m *machine) paramOf(s symID) int {
	at, ok := m.spotOf(s)
	if !ok || at.Path != "" {
		return -1
	}
	return at.Index
}

// mask returns what a number is after that; it reports false where nothing tells.
func (m *machine) mask(st *state, x value, by masked) (value, bool) {
	switch x := st.reduce(x).(type) {
	case constVal:
		all, ok := maskOf(token.OR, x.c)
		if n := all.then(by).flip; ok && n < 1<<63 {
			return constVal{constant.MakeUint64(n)}, true
		}
	case symVal:
		base := x.id
		if info := &m.syms[base]; info.by != (masked{}) {
			base, by = info.deps[0], info.by.then(by)
		}
		switch {
		case by.keep == 0 && by.flip < 1<<63:
			return constVal{constant.MakeUint64(by.flip)}, true
		case by == masked{keep: ^uint64(0)}:
			return symVal{base}, true
		}
		sub := "bits " + strconv.Itoa(int(base)) + by.String()
		return m.symbol(symKey{sub: sub}, symInfo{depth: m.syms[base].depth + 1, deps: [2]symID{base}, by: by}), true
	}
	return nil, false
}

// maskWith is mask where one of two operands is a constant.
func (m *machine) maskWith(st *state, op token.Token, x, y value) (value, bool) {
	first, swap := x.(constVal)
	if swap {
		x, y = y, x
	}
	c, ok := y.(constVal)
	if !ok {
		return nil, false
	}
	by, ok := maskOf(op, c.c)
	if swap && op == token.AND_NOT { // what the other one lacks
		by, ok = maskOf(token.AND, first.c)
		by.flip = by.keep
	}
	if !ok {
		return nil, false
	}
	return m.mask(st, x, by)
}

// maskEquals is whether such a number equals a constant, asked in one way where there are
// several.
// Have: flags&open == open, where open is one bit; flags&open != 0
func (m *machine) maskEquals(st *state, x symVal, c constant.Value) (value, bool) {
	info := &m.syms[x.id]
	is, ok := maskOf(token.XOR, c)
	if !ok || info.by == (masked{}) {
		return nil, false
	}
	keep, rest := info.by.keep, is.flip^info.by.flip
	kept, ok := m.mask(st, symVal{info.deps[0]}, masked{keep: keep})
	switch {
	case !ok:
		return nil, false
	case rest&^keep != 0:
		return boolVal(false), true
	case rest == keep && bits.OnesCount64(keep) == 1:
		return m.compare(st, token.NEQ, kept, constVal{constant.MakeInt64(0)}), true
	case info.by.flip != 0 && rest < 1<<63:
		return m.compare(st, token.EQL, kept, constVal{constant.MakeUint64(rest)}), true
	}
	return nil, false
}

// maskAsked is whether a number has all bits of another one.
// Have: func (s *Session) Is(flag Flags) bool { return s.flags&flag == flag }
func (m *machine) maskAsked(st *state, x, y symVal) (value, bool) {
	info := &m.syms[x.id]
	i := slices.Index(info.deps[:], y.id)
	if i < 0 || info.deps[1] == 0 || !strings.HasPrefix(info.sub, "op& ") {
		return nil, false
	}
	lacks, ok := m.operationOf("op&^", y, symVal{info.deps[1-i]})
	if !ok {
		return nil, false
	}
	return m.relation(st, token.EQL, lacks, constVal{constant.MakeInt64(0)}), true
}
