package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// imply draws the conclusions from a condition that a path has just assumed. It reports
// false where they contradict what the path knows.
func (m *machine) imply(st *state, v value) bool {
	switch v := v.(type) {
	case symVal:
		return m.equate(st, v)
	case cond:
		s := v.x.(symVal)
		return m.spell(st, v) && m.fillOut(st, s) && m.equate(st, s)
	}
	return true
}

// equate draws the conclusion from a comparison that holds: of two values that are the
// same, both are nil or none.
// Have: if err == sql.ErrNoRows { return nil }
func (m *machine) equate(st *state, is symVal) bool {
	info := &m.syms[is.id]
	f := st.fact(is.id)
	if !strings.HasPrefix(info.sub, token.EQL.String()) || f.eq == nil || f.eq.Kind() != constant.Bool || !constant.BoolVal(f.eq) {
		return true
	}
	x, y := symVal{info.deps[0]}, symVal{info.deps[1]}
	m.foundEnded(st, x, y)
	m.foundEnded(st, y, x)
	return m.likeNil(st, x, y) && m.likeNil(st, y, x)
}

// likeNil learns whether a value is nil from what is known of an equal one.
func (m *machine) likeNil(st *state, v, like symVal) bool {
	n := st.nilnessOf(like)
	return n == maybeNil || st.learn(v.id, fact{nilness: n})
}

// fillOut draws the conclusion from a length: what has elements is not nil.
// Have: if len(errs) > 0 { return errs[0] }
func (m *machine) fillOut(st *state, length symVal) bool {
	info := &m.syms[length.id]
	if !info.isLength() || info.text != 0 {
		return true
	}
	if none, known := st.decide(cond{token.EQL, length, intVal(0), false}); !known || none {
		return true
	}
	return st.learn(info.deps[0], fact{nilness: isNotNil})
}

// spell draws the conclusion from a text to its length, or back: the one that is empty
// has none.
func (m *machine) spell(st *state, c cond) bool {
	s := c.x.(symVal)
	if text := m.syms[s.id].text; text != 0 {
		switch empty, known := st.decide(cond{token.EQL, s, intVal(0), false}); {
		case !known:
			return true
		case empty:
			return st.learn(text, fact{eq: constant.MakeString("")})
		default:
			return st.learn(text, fact{ne: []string{constant.MakeString("").ExactString()}})
		}
	}
	y, ok := c.y.(constVal)
	if !ok || y.c.Kind() != constant.String {
		return true
	}
	n := m.length(st, "len", s, types.Typ[types.String])
	switch f := st.fact(s.id); {
	case f.eq != nil && f.eq.Kind() == constant.String:
		return st.learn(n.id, fact{eq: constant.MakeInt64(int64(len(constant.StringVal(f.eq))))})
	case slices.Contains(f.ne, constant.MakeString("").ExactString()):
		return st.learn(n.id, fact{lo: 1, hasLo: true})
	}
	return true
}
