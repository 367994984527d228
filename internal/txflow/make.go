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
	if _, isPointer := types.Unalias(res.At(0).Type()).Underlying().(*types.Pointer); !isPointer {
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
	for v := range s.Fields() {
		if f.mayCarry(v.Type()) {
			return true
		}
	}
	return false
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

// makesObject reports whether a call's first result is a new object.
func (m *machine) makesObject(c *call) bool {
	if c.fn != nil && len(c.fn.Blocks) > 0 {
		return m.flow.makes(c.fn)
	}
	var s Summary
	return c.obj != nil && m.flow.pass.ImportObjectFact(c.obj.Origin(), &s) && s.Makes
}

// markMade remembers that a result is a new object.
func (m *machine) markMade(v value) {
	if t, ok := v.(agg); ok && len(t.elems) > 0 {
		v = t.elems[0]
	}
	if s, ok := v.(symVal); ok {
		m.syms[s.id].made = true
	}
}
