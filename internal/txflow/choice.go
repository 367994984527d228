package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Where only some of the implementations of an interface begin, it hangs on what is in the
// interface whether a call does. What such an object, or what it has begun, tells of itself hangs
// on that as well, and so may all that was known before: once the transaction is open, a branch on
// that is one on what nobody can know (T2).
// Have: owned := !h.InTransaction(); tx, err := h.Transact(ctx); ...; if owned { defer tx.Done(&err) }
// Have: u, err := a.source.Unit(ctx); ...; if a.dry { return nil }

// maxChoice bounds the types of such objects.
const maxChoice = 60

// choose notes that it hangs on what objects of some types are whether the obligation's call
// begins: those through which the path has come here, and what these have in them.
func (m *machine) choose(st *state, c *call) {
	for _, fr := range st.frames[1:] {
		for _, p := range fr.fn.Params {
			m.addChoice(p.Type(), maxHops)
		}
	}
	if c.instr.Common().IsInvoke() {
		m.addChoice(c.instr.Common().Value.Type(), maxHops)
	}
	for i := range c.params() {
		if t := m.paramType(c, i); t != nil {
			m.addChoice(t, maxHops)
		}
	}
	for r := range resultType(c.instr).Variables() {
		m.addChoice(r.Type(), 0)
	}
}

func (m *machine) addChoice(t types.Type, hops int) {
	if isBasic(t) || isContext(t) || isErrorType(t) || len(m.choice) == maxChoice || m.isChoice(t) {
		return
	}
	m.choice = append(m.choice, t)
	s, ok := coreStruct(pointerElem(t))
	if !ok || hops == 0 || s.NumFields() > maxFields {
		return
	}
	for field := range s.Fields() {
		m.addChoice(field.Type(), hops-1)
	}
}

func (m *machine) isChoice(t types.Type) bool {
	return slices.ContainsFunc(m.choice, func(u types.Type) bool { return types.Identical(t, u) })
}

// hangsOnChoice reports whether a condition is an answer of such an object, or one on what was
// there before the call and so may tell which object it is.
func (m *machine) hangsOnChoice(st *state, v value) bool {
	if len(m.choice) == 0 || st.tx != open {
		return false
	}
	if c, ok := v.(cond); ok {
		v = c.x
	}
	s, ok := v.(symVal)
	return ok && m.isOfChoice(s.id)
}

// isOfChoice reports whether a symbol, or one that it was made from, is such a value.
func (m *machine) isOfChoice(s symID) bool {
	seen := map[symID]bool{0: true}
	level := []symID{s}
	for range maxWays {
		var next []symID
		for _, s := range level {
			if seen[s] || m.isErrorSymbol(s) {
				continue
			}
			seen[s] = true
			info := &m.syms[s]
			call, isCall := info.v.(*ssa.Call)
			if isCall && m.asksChosen(&call.Call) || info.deps == [2]symID{} && !m.isBehindBegin(symVal{s}) {
				return true
			}
			next = append(next, info.deps[:]...)
		}
		level = next
	}
	return false
}

// tellsChoice reports whether it is asked for the type of such an object.
// Have: if _, ok := h.(*nested); ok { return nil }
func (m *machine) tellsChoice(st *state, v *ssa.TypeAssert) bool {
	return st.tx == open && len(m.choice) > 0 && m.isChoice(v.X.Type())
}

// asksChosen reports whether a call asks such an object for what can be told without the
// database, which may fail.
func (m *machine) asksChosen(call *ssa.CallCommon) bool {
	if res := call.Signature().Results(); res.Len() != 1 || !isBasic(res.At(0).Type()) {
		return false
	}
	given := call.Args
	if call.IsInvoke() {
		given = append(slices.Clip(given), call.Value)
	}
	return slices.ContainsFunc(given, func(v ssa.Value) bool { return m.isChoice(v.Type()) })
}
