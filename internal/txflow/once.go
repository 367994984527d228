package txflow

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A sync.Once has a flag that only Do sets: the first call of it runs the function, and
// each one after that does nothing. Of a Once from elsewhere it is not known whether this
// call is the first, but the next one is not.

// onceDo follows a call of Do of a sync.Once.
// Have: l.once.Do(func() { l.tx, l.err = l.db.Begin() })
func (m *machine) onceDo(st *state, c *call) ([]outcome, bool) {
	if c.recv == nil || len(c.args) != 1 || c.obj.FullName() != "(*sync.Once).Do" {
		return nil, false
	}
	path, typ, hasFlag := onceFlag(pointerElem(c.obj.Signature().Recv().Type()))
	at, known := m.pointee(c.recv)
	if !hasFlag || !known {
		return nil, false
	}
	at.path += path
	isFirst := m.compare(st, tokenEQL, m.read(st, at, typ, 1), zero(typ, 0))
	first, decided := st.decide(isFirst)
	if decided && !first {
		return returns(st, nil), true
	}
	f, isFunc := c.args[0].(fnVal)
	if !isFunc || len(f.fn.Blocks) == 0 || !st.canEnter(f.fn, f.bind) {
		return nil, false
	}
	var outs []outcome
	if !decided && m.matters(st, f) {
		later := st.clone()
		if later.assume(isFirst, false) {
			later.vague = later.vague || st.tx == open && m.ob.call != nil
			outs = append(outs, outcome{st: later})
		}
		st.assume(isFirst, true)
	}
	m.write(st, at, flagSet(typ))
	for _, o := range m.enter(st, c, f.fn, f.bind, nil, false) {
		o.result = nil
		outs = append(outs, o)
	}
	return outs, true
}

// matters reports whether it makes a difference to a transaction whether a function runs.
func (m *machine) matters(st *state, f fnVal) bool {
	return m.ob.call == nil || m.flow.mayOpen(f.fn) || m.holds(st, f) && !m.isHarmless(st, f)
}

// isSetOnce reports whether a place in memory is the flag of a sync.Once, and is set: no
// code that is not in view sets it back.
func (m *machine) isSetOnce(l loc, v value) bool {
	alloc, ok := m.cells[l.cell].v.(*ssa.Alloc)
	if !ok || l.path == "" {
		return false
	}
	t := pointerElem(alloc.Type())
	for path := l.path; path != ""; {
		if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" && named.Obj().Name() == "Once" {
			inner, typ, hasFlag := onceFlag(t)
			return hasFlag && path == inner && same(v, flagSet(typ))
		}
		i, rest, ok := cutPath(path)
		s, isStruct := coreStruct(t)
		if !ok || !isStruct || i >= s.NumFields() {
			return false
		}
		t, path = s.Field(i).Type(), rest
	}
	return false
}

// onceFlag returns the path to the flag in a sync.Once, of this version of the library and
// of older ones, and its type.
func onceFlag(t types.Type) (path string, typ types.Type, ok bool) {
	s, isStruct := coreStruct(t)
	for i := 0; isStruct && i < s.NumFields(); i++ {
		if field := s.Field(i); field.Name() == "done" {
			path, typ = fieldPath("", i), field.Type()
			if inner, contents, isAtomic := atomicContents(typ); isAtomic {
				path, typ = path+inner, contents
			}
			return path, typ, isBasic(typ)
		}
	}
	return "", nil, false
}

// flagSet is the value of a flag of a type that is set.
func flagSet(typ types.Type) value {
	if isBool(typ) {
		return boolVal(true)
	}
	return constVal{constant.MakeInt64(1)}
}
