package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// element returns what a map has for a key, part "" the value and "ok" whether it has
// one, until something is stored in a map of that type.
func (m *machine) element(st *state, v *ssa.Lookup, part string) value {
	of, key := m.eval(st, v.X), st.reduce(m.eval(st, v.Index))
	t, isMap := types.Unalias(v.X.Type()).Underlying().(*types.Map)
	if _, none := of.(nilVal); none && isMap {
		return absent(t, part)
	}
	if s, ok := of.(symVal); ok && isMap && isZero(m.knownLength(st, s)) {
		return absent(t, part)
	}
	x := m.derived(st, v, "[]"+part, of, key)
	if s, ok := x.(symVal); ok && m.syms[s.id].depth > 0 && isMap {
		m.elementOf(s.id, v.X.Type(), key)
	}
	return x
}

// isZero reports whether a number is known to be 0.
func isZero(n fact) bool {
	return n.eq != nil && n.eq.Kind() == constant.Int && constant.Sign(n.eq) == 0
}

// isEmptiable reports whether a range is over a map whose length tells if it has a turn.
func isEmptiable(loop *ssa.Range, over value) bool {
	if _, isMap := types.Unalias(loop.X.Type()).Underlying().(*types.Map); !isMap {
		return false
	}
	switch over.(type) {
	case nilVal, symVal:
		return true
	}
	return false
}

// hasTurn answers whether a range has one more turn: the first one if there is anything in
// the map, any other perhaps.
// Have: if len(errs) > 0 { tx.Rollback() }; for _, err := range errs { return err }
func (m *machine) hasTurn(st *state, next *ssa.Next) value {
	if loop, ok := next.Iter.(*ssa.Range); ok {
		switch over := m.eval(st, loop).(type) {
		case nilVal:
			return boolVal(false)
		case symVal:
			if m.syms[over.id].v == ssa.Value(loop) {
				break // it is not known which map that is
			}
			st.set(loop, top{}) // the turn after this is another one
			return m.compare(st, token.GTR, m.length(st, "len", over, loop.X.Type()), intVal(0))
		}
	}
	return m.fresh(st, next, "ok")
}

// absent is what a map yields for a key that it does not have.
func absent(t *types.Map, part string) value {
	if part == "ok" {
		return boolVal(false)
	}
	return zero(t.Elem(), maxNesting)
}

// elementOf notes what a symbol is read from.
func (m *machine) elementOf(s symID, t types.Type, key value) {
	m.readOf(s, m.syms[s].deps[0], elementKey(t))
	if c, ok := key.(constVal); ok {
		m.syms[s].key = keyOf(c)
	}
}

// elementKey is memKey for what a map or a slice holds.
func elementKey(t types.Type) string {
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Map:
		return "[] " + u.Elem().String()
	case *types.Slice:
		return " " + u.Elem().String()
	}
	return ""
}

// updated stores in a map: of what other maps of the type hold for the key nothing is
// known any more, as they may be the same one.
func (m *machine) updated(st *state, v *ssa.MapUpdate) {
	of, key := m.eval(st, v.Map), st.reduce(m.eval(st, v.Key))
	m.elementsChanged(st, v, v.Map.Type(), key)
	m.learnElement(st, of, key, v.Map.Type(), m.eval(st, v.Value), boolVal(true))
	if s, ok := of.(symVal); ok {
		st.learn(m.length(st, "len", s, v.Map.Type()).id, fact{lo: 1, hasLo: true})
	}
}

// removed follows delete and clear.
func (m *machine) removed(st *state, c *call) {
	t, ok := types.Unalias(c.types[0]).Underlying().(*types.Map)
	if !ok {
		return // what a slice holds is read anew
	}
	if c.name == "delete" && len(c.args) == 2 {
		key := st.reduce(c.args[1])
		m.elementsChanged(st, c.instr, t, key)
		m.learnElement(st, c.args[0], key, t, absent(t, ""), absent(t, "ok"))
		return
	}
	of, ok := c.args[0].(symVal)
	held := m.inHand(st, m.readOfs, func(info *symInfo) bool {
		return ok && info.of == of.id && strings.HasPrefix(info.sub, "[]")
	})
	m.elementsChanged(st, c.instr, t, nil)
	for _, s := range held {
		part := ""
		if strings.HasPrefix(m.syms[s].sub, "[]ok") {
			part = "ok"
		}
		st.learnValue(s, absent(t, part))
	}
	if ok {
		st.learn(m.length(st, "len", of, t).id, fact{eq: constant.MakeInt64(0)})
	}
}

// elementsChanged forgets what maps of a type hold for a key, nil for any, and how much.
func (m *machine) elementsChanged(st *state, at ssa.Instruction, t types.Type, key value) {
	kind, which := elementKey(t), ""
	m.mayAnswerAnew(st, func(k string) bool { return k == kind })
	if c, ok := key.(constVal); ok {
		which = keyOf(c)
	}
	m.changed(st, at, func(info *symInfo) bool {
		return info.mem == kind && (which == "" || info.key == "" || info.key == which)
	})
}

// learnElement notes what a map has for a key from now on.
func (m *machine) learnElement(st *state, of, key value, t types.Type, v, has value) {
	for i, part := range []string{"", "ok"} {
		if s, ok := m.operationOf("[]"+part, of, key); ok {
			m.elementOf(s.id, t, key)
			st.learnValue(s.id, []value{v, has}[i])
		}
	}
}

// learnValue notes that a symbol is equal to a value, as far as facts can tell.
func (st *state) learnValue(s symID, v value) {
	switch v := st.reduce(v).(type) {
	case constVal:
		st.learn(s, fact{eq: v.c})
	case cond:
		if truth, known := st.decide(v); known {
			st.learn(s, fact{eq: constant.MakeBool(truth)})
		}
	default:
		if n := st.nilnessOf(v); n != maybeNil {
			st.learn(s, fact{nilness: n})
		}
	}
}

// length is the length or capacity of a value. That of a map changes with it.
func (m *machine) length(st *state, name string, of symVal, t types.Type) symVal {
	n := m.lengthSym(name, of)
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Map:
		m.readOf(n.id, of.id, elementKey(t))
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			m.syms[n.id].text = of.id
		}
	}
	st.learn(n.id, fact{lo: 0, hasLo: true})
	return n
}

// lengthSym is the symbol of the length or capacity of a value.
func (m *machine) lengthSym(name string, of symVal) symVal {
	return m.symbol(symKey{sub: name + lengthStep + strconv.Itoa(int(of.id))}, symInfo{deps: [2]symID{of.id}})
}

// knownLength is what a path knows of the length of a value.
func (m *machine) knownLength(st *state, of symVal) fact { return st.fact(m.lengthSym("len", of).id) }

// lengthOf is what len or cap yields of a value, nil if that cannot be told.
func (m *machine) lengthOf(st *state, name string, v value, typ types.Type) value {
	if n, ok := m.arrayLen(v); ok {
		return intVal(n)
	}
	if s, ok := st.reduce(v).(constVal); ok && s.c.Kind() == constant.String {
		return intVal(int64(len(constant.StringVal(s.c))))
	}
	switch v := v.(type) {
	case nilVal:
		return intVal(0)
	case nonNil: // another package has put something there, or nothing
		return lost{}
	case symVal:
		if typ != nil {
			return m.length(st, name, v, typ)
		}
	}
	return nil
}

// lengthStep ends the path to a length.
const lengthStep = "#"

func (info *symInfo) isLength() bool { return strings.HasPrefix(info.sub, "len"+lengthStep) }
