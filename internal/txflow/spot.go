package txflow

import (
	"go/types"
	"strings"
)

// The places that a fact speaks of, seen from a call.

// valueAt returns what stands at a spot of the arguments, nil if that cannot be told.
func (m *machine) valueAt(st *state, c *call, at Spot) (value, types.Type) {
	params := c.params()
	if at.Result || at.Index >= len(params) {
		return nil, nil
	}
	v := params[at.Index]
	typ := m.paramType(c, at.Index)
	if at.Path == "" {
		return v, typ
	}
	if m.isTx(st, v) {
		return v, typ // whatever is inside the transaction's own value
	}
	if b, ok := v.(boxed); ok {
		v = b.v
	}
	if path, ok := strings.CutSuffix(at.Path, lengthStep); ok {
		at.Path = path
		v, typ = m.valueAt(st, c, at)
		return m.lengthOf(st, "len", v, typ), types.Typ[types.Int]
	}
	if path, step, ok := strings.Cut(at.Path, maskStep); ok {
		at.Path = path
		v, typ = m.valueAt(st, c, at)
		return m.maskedBy(st, c, v, step), typ
	}
	for i, s := range strings.SplitAfter(at.Path, "*") {
		path := strings.TrimSuffix(s, "*")
		if i == 0 {
			if path != "" {
				typ = typeAt(typ, path)
				v = m.partOf(st, c, at.Index, v, path, typ)
			}
		} else {
			if typ == nil {
				return nil, nil
			}
			if isHandle(v) {
				return v, typ
			}
			typ = pointerElem(typ)
			a, ok := m.pointee(v)
			if !ok {
				return nil, nil
			}
			if path != "" {
				m.noteKind(loc{a.cell, a.path + path}, func() string { return kindAt(typ, path) })
			}
			typ = typeAt(typ, path)
			v = m.read(st, addr{a.cell, a.path + path}, typ, 1)
		}
	}
	return v, typ
}

// partOf returns what is at a path inside a value. The receiver of a method of a value may
// be called through an interface that has a pointer to one.
func (m *machine) partOf(st *state, c *call, i int, v value, path string, typ types.Type) value {
	if i == 0 && c.instr.Common().IsInvoke() {
		if a, ok := m.pointee(v); ok && m.partly(st, a) {
			return m.read(st, addr{a.cell, a.path + path}, typ, 1)
		}
	}
	return m.project(v, path, typ)
}

// spoilArgs lets a callee write through its arguments, other than those that its case
// says something of, or of which any case tells what is stored there.
func (m *machine) spoilArgs(st *state, c *call, k Case, all []Case) {
	if c.looks {
		return
	}
	told := make(map[int]bool)
	for _, w := range k.When {
		told[w.At.Index] = told[w.At.Index] || strings.Contains(w.At.Path, "*")
	}
	for _, k := range all {
		for _, t := range k.Then {
			told[t.At.Index] = told[t.At.Index] || !t.At.Result
		}
	}
	for i, a := range c.params() {
		if !told[i] && (c.recv == nil || i > 0) && !(c.lent && m.holds(st, a)) {
			m.spoil(st, c, a)
		}
	}
	m.spoilFields(st, c)
}

// insideHolder reports whether a spot is a field of an object that leads to the
// transaction: what such an object says of itself is its own business. So it is of one that
// may have been told of the transaction by code that is not in view.
// Have: r := repo.New(repo.WithTx(tx)); defer r.Close()
func (m *machine) insideHolder(st *state, c *call, at Spot) bool {
	params := c.params()
	if at.Path == "" || at.Result || at.Index >= len(params) {
		return false
	}
	v := params[at.Index]
	return m.holds(st, v) && (!m.isTx(st, v) || m.isGuess(v))
}

// knows reports whether a condition on a value is settled.
func (m *machine) knows(st *state, v value, c Cond) bool {
	switch c.Is {
	case condNil, condNonNil:
		return st.nilnessOf(v) != maybeNil
	case condConst, condOther, condAtLeast, condAtMost:
		v = m.constCond(st, v, c)
	}
	_, known := st.decide(v)
	return known
}

// paramType returns the type of parameter i of a callee, the receiver being number 0.
func (m *machine) paramType(c *call, i int) types.Type {
	sig := c.sig
	if c.obj != nil {
		sig = c.obj.Origin().Signature()
	}
	return paramAt(sig, c.recv != nil, i)
}

// paramAt returns the type of parameter i, where recv says so with the receiver as number 0; nil
// if there is none.
func paramAt(sig *types.Signature, recv bool, i int) types.Type {
	if recv {
		if i == 0 {
			if sig.Recv() == nil {
				return nil
			}
			return sig.Recv().Type()
		}
		i--
	}
	if i < sig.Params().Len() {
		return sig.Params().At(i).Type()
	}
	return nil
}
