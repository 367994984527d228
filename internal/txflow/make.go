package txflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// makes reports whether the first result of fn always points to a new object that
// can hold a transaction: what is stored there dies with it.
func (f *flow) makes(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	if res.Len() == 0 || !f.mayKeep(res.At(0).Type()) {
		return false
	}
	if !isPointer(res.At(0).Type()) {
		return false
	}
	found := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		switch v := ret.Results[0].(type) {
		case *ssa.Const: // nil beside an error
		case *ssa.Alloc:
			if !onlyFilled(v) {
				return false
			}
			found = true
		default:
			return false
		}
	}
	return found
}

// makesAll reports of a function that makes an object whether also what the fields of that
// point to, and may hold a transaction, is new.
// Have: func NewService(db *sql.DB) *Service { return &Service{newUnit(db)} }
func (f *flow) makesAll(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			store, ok := instr.(*ssa.Store)
			if !ok || !f.mayKeep(store.Val.Type()) {
				continue
			}
			if _, isField := store.Addr.(*ssa.FieldAddr); isField && !f.isNew(store.Val) {
				return false
			}
		}
	}
	return true
}

// isNew reports whether a value is a new object.
func (f *flow) isNew(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return v.Heap
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee != nil && len(callee.Blocks) > 0 {
			return f.makes(callee)
		}
		return f.factOfMake(calleeObject(v.Common())).Makes
	}
	return false
}

// factOfMake is the fact of a function without a body, empty if there is none.
func (f *flow) factOfMake(obj *types.Func) (s Summary) {
	if obj != nil {
		f.importFact(obj, &s)
	}
	return s
}

// mayKeep reports whether an object of type t can keep a transaction, in a field or in
// what a field leads to.
func (f *flow) mayKeep(t types.Type) bool {
	if f.mayCarry(t) {
		return true
	}
	s, ok := coreStruct(pointerElem(t))
	if !ok || s.NumFields() > maxFields {
		return false
	}
	return anyOf(s.Fields(), func(t types.Type) bool {
		if _, elem, ok := atomicPointer(t); ok {
			t = elem
		}
		return f.mayCarry(t)
	})
}

// onlyFilled reports whether a new object is only written to and returned.
func onlyFilled(v *ssa.Alloc) bool {
	for _, r := range *v.Referrers() {
		switch r.(type) {
		case *ssa.FieldAddr, *ssa.Return, *ssa.DebugRef, *ssa.UnOp:
		case *ssa.Store:
			if r.(*ssa.Store).Val == ssa.Value(v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// makesObject reports whether a call's first result is a new object, and whether all is
// that it leads to.
func (m *machine) makesObject(c *call) (makes, all bool) {
	if c.fn != nil && len(c.fn.Blocks) > 0 {
		makes = m.flow.makes(c.fn)
		return makes, makes && m.flow.makesAll(c.fn)
	}
	s := m.flow.factOfMake(c.obj)
	return s.Makes, s.MakesAll
}

// isMade reports whether a symbol stands for a new object, or for what a field of one
// points to that was made with it.
func (m *machine) isMade(s symID) bool {
	info := &m.syms[s]
	if info.made {
		return true
	}
	return info.root != 0 && m.syms[m.cells[info.root].root].madeAll
}

// markMade remembers that a result is a new object.
func (m *machine) markMade(v value, all bool) {
	if t, ok := v.(agg); ok && len(t.elems) > 0 {
		v = t.elems[0]
	}
	if s, ok := v.(symVal); ok {
		m.syms[s.id].made, m.syms[s.id].madeAll = true, all
	}
}
