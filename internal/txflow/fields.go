package txflow

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// memKey names a kind of memory: a global variable, or all fields with one number
// and type.
func memKey(path string, v ssa.Value, typ types.Type) string {
	if g, ok := v.(*ssa.Global); ok && path == "" {
		return g.RelString(nil)
	}
	return path[strings.LastIndexAny(path, ".[")+1:] + " " + typ.String()
}

// nameMark stands before the names of fields.
const nameMark = "\x00"

// maxNames bounds how many fields of a struct tell it from others.
const maxNames = 8

// fieldKey is memKey for a field of a known struct, with the names of that and of its neighbours.
// Telling fields apart by less would mix more of them up; by more, embedded, converted and generic
// structs would be missed.
func fieldKey(s *types.Struct, i int) string {
	key := strconv.Itoa(i) + " " + s.Field(i).Type().String() + nameMark + s.Field(i).Name()
	for n := range min(s.NumFields(), maxNames) {
		key += " " + s.Field(n).Name()
	}
	return key
}

// nameless is what memKey says of such memory.
func nameless(kind string) string {
	kind, _, _ = strings.Cut(kind, nameMark)
	return kind
}

// addrKey is memKey, or fieldKey, for an address in the code.
func addrKey(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Global:
		return v.RelString(nil)
	case *ssa.FieldAddr:
		if s, ok := coreStruct(pointerElem(v.X.Type())); ok && v.Field < s.NumFields() {
			return fieldKey(s, v.Field)
		}
	case *ssa.IndexAddr:
		if i, ok := v.Index.(*ssa.Const); ok && arrayOf(v) != nil {
			return strconv.Itoa(int(i.Int64())) + " " + arrayOf(v).Elem().String()
		}
	}
	if p, ok := types.Unalias(v.Type()).Underlying().(*types.Pointer); ok {
		return " " + p.Elem().String()
	}
	return ""
}

// kindAt is fieldKey for what is at a path inside a struct, where that is a field, and else memKey.
func kindAt(t types.Type, path string) string {
	last := strings.LastIndexAny(path, ".[")
	if last >= 0 && path[last] == '.' {
		s, ok := coreStruct(typeAt(t, path[:last]))
		if i, err := strconv.Atoi(path[last+1:]); ok && err == nil && i < s.NumFields() {
			return fieldKey(s, i)
		}
	}
	return memKey(path, nil, typeAt(t, path))
}

// noteKind notes the kind of a field that is come to, which is asked for the first time alone.
func (m *machine) noteKind(at loc, kind func() string) {
	if _, known := m.fieldKinds[at]; !known {
		m.fieldKinds[at] = kind()
	}
}

// modifies returns the kinds of memory that a function of this package stores to,
// also through the functions of this package that it calls by name: those of fields with
// their names and without.
func (f *flow) modifies(fn *ssa.Function) map[string]bool {
	if mods, ok := f.mods[fn]; ok {
		return mods
	}
	mods := make(map[string]bool)
	visited := map[*ssa.Function]bool{fn: true}
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, callee := range f.storesAndCalls(fn, mods) {
			if !visited[callee] {
				visited[callee] = true
				work = append(work, callee)
			}
		}
	}
	f.mods[fn] = mods
	return mods
}

// addStored adds the kinds of memory that an address may be of. What the function itself
// has made nobody has read before.
func addStored(mods map[string]bool, addr ssa.Value) {
	for of := addr; ; {
		switch v := of.(type) {
		case *ssa.Alloc:
			return
		case *ssa.FieldAddr:
			of = v.X
			continue
		case *ssa.IndexAddr:
			if arrayOf(v) != nil {
				of = v.X
				continue
			}
		}
		break
	}
	i, ok := addr.(*ssa.IndexAddr)
	if !ok || isConst(i.Index) || arrayOf(i) == nil {
		addKind(mods, addrKey(addr))
		return
	}
	for n := range min(arrayOf(i).Len(), maxFields) {
		mods[strconv.Itoa(int(n))+" "+arrayOf(i).Elem().String()] = true
	}
}

// addKind adds a kind of memory, with names and without.
func addKind(mods map[string]bool, kind string) { mods[kind], mods[nameless(kind)] = true, true }

// arrayOf returns the array that an element's address is in, nil for a slice's.
func arrayOf(v *ssa.IndexAddr) *types.Array {
	if p, ok := types.Unalias(v.X.Type()).Underlying().(*types.Pointer); ok {
		if a, ok := types.Unalias(p.Elem()).Underlying().(*types.Array); ok {
			return a
		}
	}
	return nil
}

// overwriting are Go's own functions that change what their first argument holds.
var overwriting = []string{"clear", "copy", "delete"}

// storesAndCalls adds what fn itself stores to and returns the functions with a
// body that it refers to.
func (f *flow) storesAndCalls(fn *ssa.Function, mods map[string]bool) (callees []*ssa.Function) {
	var operands [8]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				addStored(mods, instr.Addr)
			case *ssa.MapUpdate:
				if _, own := instr.Map.(*ssa.MakeMap); !own {
					mods[elementKey(instr.Map.Type())] = true
				}
			case ssa.CallInstruction:
				if b, ok := instr.Common().Value.(*ssa.Builtin); ok && slices.Contains(overwriting, b.Name()) {
					mods[elementKey(instr.Common().Args[0].Type())] = true
				}
				if mem, loads := atomicKey(instr.Common()); mem != "" && !loads {
					addKind(mods, mem)
				}
			}
			for _, v := range instr.Operands(operands[:0]) {
				if *v == nil {
					continue
				}
				if g, ok := (*v).(*ssa.Function); ok {
					if g = declared(g); len(g.Blocks) > 0 {
						callees = append(callees, g)
					}
				}
			}
		}
	}
	return callees
}
