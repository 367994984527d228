package txflow

import (
	"go/types"
	"strconv"
	"strings"
)

// caseResult builds the results of a case.
func (m *machine) caseResult(st *state, c *call, k Case) value {
	v := c.instr.Value()
	if v == nil {
		return top{}
	}
	res := c.instr.Common().Signature().Results()
	elems := make([]value, res.Len())
	inside := make([]types.Type, res.Len()) // of interfaces, where that is told
	for i := range elems {
		inside[i] = m.flow.typeYielded([]Case{k}, i)
		sub := ""
		if len(elems) > 1 {
			sub = "#" + strconv.Itoa(i)
		}
		elems[i] = m.fresh(st, v, sub)
		if c.looks {
			if x, ok := m.answer(st, c, i); ok {
				elems[i] = x
			}
		}
	}
	for _, t := range k.Then {
		if !t.At.Result || t.At.Index >= len(elems) || t.At.Path != "" {
			continue
		}
		elems[t.At.Index] = m.thenValue(st, c, elems[t.At.Index], t)
	}
	for _, h := range k.Holds {
		if h.At.Result && h.At.Index < len(elems) {
			i := h.At.Index
			typ := res.At(i).Type()
			if inside[i] != nil {
				typ = inside[i]
			}
			elems[i] = m.embed(st, c, elems[i], typ, h.At.Path, heldValue(h))
			if h.At.Path == "" && !h.Func && isContext(typ) {
				elems[i] = m.carrier(st, v, "ctx"+strconv.Itoa(i))
			}
		}
	}
	for _, t := range k.Then {
		if i := t.At.Index; t.At.Result && t.At.Path != "" && i < len(elems) {
			elems[i] = m.embed(st, c, elems[i], res.At(i).Type(), t.At.Path, m.flagValue(st, c, t))
		}
	}
	for i, typ := range inside {
		if typ != nil && !isHandle(elems[i]) {
			elems[i] = boxed{typ, unbox(elems[i])}
		}
	}
	if len(elems) == 1 {
		return elems[0]
	}
	return agg{elems}
}

// storeEffects stores in the memory of the arguments what a case tells of it.
func (m *machine) storeEffects(st *state, c *call, effects []effect) {
	for _, e := range effects {
		if a, ok := m.placeAt(st, c, e.at); ok && !m.holds(st, st.heap[loc(a)]) {
			m.write(st, a, e.value)
		}
	}
}

// placeAt returns the place in memory that a spot of the arguments is.
func (m *machine) placeAt(st *state, c *call, at Spot) (addr, bool) {
	last := strings.LastIndex(at.Path, "*")
	if last < 0 {
		return addr{}, false
	}
	v, _ := m.valueAt(st, c, Spot{Index: at.Index, Path: at.Path[:last]})
	a, ok := m.pointee(unbox(v))
	return addr{a.cell, a.path + at.Path[last+1:]}, ok
}

// An effect is a value that a callee stores in the memory of its arguments.
type effect struct {
	at    Spot
	value value
}

// learnLengths notes how long the lists are that a callee has stored.
func (m *machine) learnLengths(st *state, c *call, k Case) {
	for _, t := range k.Then {
		if t.At.Result || !t.isOfLength() {
			continue
		}
		if n, _ := m.valueAt(st, c, t.At); n != nil {
			m.assumeCond(st, n, t)
		}
	}
}

// isOfLength reports whether a condition is one on a length.
func (c Cond) isOfLength() bool { return strings.HasSuffix(c.At.Path, lengthStep) }

// effectsOf are the effects of a case, told by what was known before the call.
func (m *machine) effectsOf(st *state, c *call, k Case) (effects []effect) {
	for _, t := range k.Then {
		if !t.At.Result && t.At.Index < len(c.params()) && strings.HasPrefix(t.At.Path, "*") && !t.isOfLength() {
			effects = append(effects, effect{t.At, m.flagValue(st, c, t)})
		}
	}
	return effects
}

// flagValue is what a field holds of which a condition is known.
func (m *machine) flagValue(st *state, at *call, c Cond) value {
	switch c.Is {
	case condSame:
		if v, _ := m.valueAt(st, at, c.Same); v != nil {
			return v
		}
		return top{}
	case condNil:
		return nilVal{}
	case condNonNil:
		return m.somethingAt(st, at, c)
	case condConst:
		if v, ok := constOf(c.Const); ok {
			return v
		}
		return top{}
	case condAny:
		return m.freshAt(st, at.instr, "eff"+c.At.String())
	}
	return boolVal(c.Is == condTrue)
}

// somethingAt is what a callee has put into a place, of which only that is known.
func (m *machine) somethingAt(st *state, at *call, c Cond) value {
	s := m.freshAt(st, at.instr, "eff"+c.At.String())
	st.learn(s.id, fact{nilness: isNotNil})
	return s
}

func heldValue(h Hold) value {
	if h.Func {
		return finisher{undoes: h.Undoes}
	}
	return handle{}
}

func (m *machine) thenValue(st *state, c *call, v value, t Cond) value {
	s, isSym := v.(symVal)
	switch t.Is {
	case condNil:
		return nilVal{}
	case condNonNil:
		if isSym {
			st.learn(s.id, fact{nilness: isNotNil})
		}
	case condTrue, condFalse:
		return boolVal(t.Is == condTrue)
	case condConst:
		return m.flagValue(st, c, t)
	case condGlobal:
		if g := m.flow.global(t.Global); g != nil {
			return m.sentinel(st, g)
		}
		if isSym {
			st.learn(s.id, fact{nilness: isNotNil})
		}
	case condSame:
		if w, _ := m.valueAt(st, c, t.Same); w != nil {
			return w
		}
	}
	return v
}

// embed puts a value at a path below another: into a struct, or into the memory
// that a pointer leads to.
func (m *machine) embed(st *state, c *call, v value, typ types.Type, path string, held value) value {
	if path == "" {
		return held
	}
	if strings.HasPrefix(path, ".") {
		i, rest, _ := cutPath(path)
		s, ok := coreStruct(typ)
		if !ok || i >= s.NumFields() {
			return held
		}
		a, ok := v.(agg)
		if !ok {
			a = agg{make([]value, s.NumFields())}
			for j := range a.elems {
				a.elems[j] = m.project(v, fieldPath("", j), s.Field(j).Type())
			}
		} else {
			a = agg{append([]value(nil), a.elems...)}
		}
		a.elems[i] = m.embed(st, c, a.elems[i], s.Field(i).Type(), rest, held)
		return a
	}
	a, ok := m.pointee(v)
	if !ok {
		return held
	}
	if path == contents { // of an array
		st.heap[loc{a.cell, a.path + contents}] = held
		return v
	}
	if s, ok := v.(symVal); ok {
		st.learn(s.id, fact{nilness: isNotNil})
	}
	fields, rest, deeper := strings.Cut(path[1:], "*")
	if !deeper {
		st.heap[loc{a.cell, a.path + fields}] = held
		return v
	}
	elem := typeAt(pointerElem(typ), fields)
	at := addr{a.cell, a.path + fields}
	st.heap[loc(at)] = m.embed(st, c, m.read(st, at, elem, 1), elem, "*"+rest, held)
	return v
}

// holdParam puts the transaction where the callee stored it in its arguments.
func (m *machine) holdParam(st *state, c *call, h Hold) {
	params := c.params()
	if h.At.Index >= len(params) {
		return
	}
	if h.At.Path == "" {
		m.becomeTx(st, params[h.At.Index])
		return
	}
	a, ok := m.pointee(params[h.At.Index])
	if path, isContainer := strings.CutSuffix(h.At.Path[1:], behindContents); ok && isContainer && !strings.Contains(path, "*") {
		m.fillContainer(st, c, addr{a.cell, a.path + path}, heldValue(h))
		return
	}
	if !ok || strings.Contains(h.At.Path[1:], "*") {
		m.handOver(st, "it is kept deep inside an argument")
		return
	}
	m.write(st, addr{a.cell, a.path + h.At.Path[1:]}, heldValue(h))
}
