package txflow

import (
	"fmt"
	"go/constant"
	"go/token"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Flags that are bits of one number.
// Have: s.flags |= dirty; if s.flags&open == 0 { return errClosed }

// masked tells what &, | and &^ with a constant do to a number: of its bits it keeps some,
// and sets others. One after the other they come to the same.
type masked struct{ keep, set uint64 }

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
	}
	return masked{}, false
}

// then is what first by and then by next is done.
func (by masked) then(next masked) masked {
	return masked{by.keep & next.keep, by.set&next.keep | next.set}
}

// maskStep begins the end of a path that tells of the bits of what is there: two numbers, or
// the parameter that has those which are kept.
const maskStep = "&"

// String ends the path to such a number.
func (by masked) String() string { return fmt.Sprintf("%s%d|%d", maskStep, by.keep, by.set) }

// maskedBy is what a number is after what the end of a path tells.
func (m *machine) maskedBy(st *state, c *call, v value, step string) value {
	if isLost(v) {
		return v
	}
	if param, ok := strings.CutPrefix(step, "@"); ok {
		i, _ := strconv.Atoi(param)
		with, _ := m.valueAt(st, c, Spot{Index: i})
		if is, ok := m.maskWith(st, token.AND, st.reduce(v), st.reduce(with)); ok {
			return is
		}
		if is, ok := m.operationOf("op&", v, with); ok {
			return is
		}
		if isLost(with) {
			return with
		}
		return top{}
	}
	keep, set, _ := strings.Cut(step, "|")
	var by masked
	by.keep, _ = strconv.ParseUint(keep, 10, 64)
	by.set, _ = strconv.ParseUint(set, 10, 64)
	if is, ok := m.mask(st, v, by); ok {
		return is
	}
	return top{}
}

// maskParam returns the operands of an & of which one is a parameter, -1 if there is none.
// Have: func (s *Session) Is(flag Flags) bool { return s.flags&flag != 0 }
func (m *machine) maskParam(info *symInfo) (base symID, param int) {
	for i := range info.deps {
		s := info.deps[1-i]
		p, ok := m.syms[s].v.(*ssa.Parameter)
		if ok && m.syms[s].sub == "" && m.syms[s].ctx == 0 {
			return info.deps[i], slices.Index(m.root.Params, p)
		}
	}
	return 0, -1
}

// mask returns what a number is after that; it reports false where nothing tells.
func (m *machine) mask(st *state, x value, by masked) (value, bool) {
	switch x := st.reduce(x).(type) {
	case constVal:
		all, ok := maskOf(token.OR, x.c)
		if n := all.then(by).set; ok && n < 1<<63 {
			return constVal{constant.MakeUint64(n)}, true
		}
	case symVal:
		base := x.id
		if info := &m.syms[base]; info.by != (masked{}) {
			base, by = info.deps[0], info.by.then(by)
		}
		switch {
		case by.keep == 0 && by.set < 1<<63:
			return constVal{constant.MakeUint64(by.set)}, true
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
	if _, first := x.(constVal); first && op != token.AND_NOT {
		x, y = y, x
	}
	c, ok := y.(constVal)
	if !ok {
		return nil, false
	}
	by, ok := maskOf(op, c.c)
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
	all, ok := maskOf(token.OR, c)
	if n := all.set; info.by != (masked{}) && ok {
		keep, set := info.by.keep, info.by.set
		switch rest := n &^ set; {
		case n&set != set, n&^(keep|set) != 0:
			return boolVal(false), true
		case rest == keep && bits.OnesCount64(keep) == 1:
			kept, _ := m.mask(st, symVal{info.deps[0]}, masked{keep: keep})
			return m.compare(st, token.NEQ, kept, constVal{constant.MakeInt64(0)}), true
		case set != 0:
			kept, _ := m.mask(st, symVal{info.deps[0]}, masked{keep: keep})
			return m.compare(st, token.EQL, kept, constVal{constant.MakeUint64(rest)}), true
		}
	}
	return nil, false
}
