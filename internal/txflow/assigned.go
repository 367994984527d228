package txflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A field of a package that nobody else can name, and to which one function is stored in one
// place, always has that function, if any. What a test puts there instead does not count.
// Have: m := &manager{newTx: func() (*sql.Tx, error) { return db.Begin() }}; tx, err := m.newTx()

// alwaysIn returns the function that a value always is which is loaded of such a field, nil if
// it is none.
func (f *flow) alwaysIn(v ssa.Value) *ssa.Function {
	var field *types.Var
	switch v := v.(type) {
	case *ssa.Field:
		field = fieldOf(v.X.Type(), v.Field)
	case *ssa.UnOp:
		if at, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			field = fieldOf(at.X.Type(), at.Field)
		}
	}
	if field == nil || !isFunc(field.Type()) {
		return nil
	}
	if f.assigned == nil {
		f.assigned = f.assignedFields()
	}
	return f.assigned[field]
}

// fieldOf returns field i of a struct type, or of what it points to, as it was declared.
func fieldOf(t types.Type, i int) *types.Var {
	_, field := fieldType(t, i)
	if field == nil {
		return nil
	}
	return field.Origin()
}

// assignedFields finds the functions of such fields; it is nil for those that may have another.
func (f *flow) assignedFields() map[*types.Var]*ssa.Function {
	found := make(map[*types.Var]*ssa.Function)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.FieldAddr:
					f.noteField(found, instr)
				case *ssa.ChangeType:
					noteConverted(found, instr)
				}
			}
		}
		for _, anon := range fn.AnonFuncs {
			visit(anon)
		}
	}
	for _, fn := range f.funcs {
		if !isTestFile(f.pass.Fset, fn.Pos()) {
			visit(fn)
		}
	}
	return found
}

// noteField notes what is stored at the address of a field, or that anything may be.
func (f *flow) noteField(found map[*types.Var]*ssa.Function, at *ssa.FieldAddr) {
	field := fieldOf(at.X.Type(), at.Field)
	if field == nil || field.Exported() || field.Pkg() != f.pass.Pkg || !isFunc(field.Type()) {
		return
	}
	for _, r := range *at.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			_, again := found[field]
			found[field] = nil
			if !again && r.Addr == ssa.Value(at) {
				found[field] = codeOf(r.Val)
			}
		default:
			found[field] = nil
		}
	}
}

// noteConverted notes that the fields of a struct have what was stored to those of another one,
// which is converted to it.
func noteConverted(found map[*types.Var]*ssa.Function, change *ssa.ChangeType) {
	s, ok := coreStruct(pointerElem(change.Type()))
	if !ok {
		return
	}
	for i := range s.NumFields() {
		if to := fieldOf(change.Type(), i); to != fieldOf(change.X.Type(), i) {
			found[to] = nil
		}
	}
}

// codeOf returns the function that a value is, or that a literal makes it; nil if it is none.
func codeOf(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	case *ssa.ChangeType:
		return codeOf(v.X)
	}
	return nil
}

// asAssigned is a function that a field always has, with variables that somebody else has bound.
func (m *machine) asAssigned(fn *ssa.Function) fnVal {
	bind := make([]value, len(fn.FreeVars))
	for i, v := range fn.FreeVars {
		bind[i] = m.symbol(symKey{v: v}, symInfo{external: true})
	}
	return fnVal{fn, bind}
}
