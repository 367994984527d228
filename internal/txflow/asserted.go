package txflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What is in a place of an interface type that does not speak of transactions is one where a
// function takes it for one, by itself or by a helper.

// maxReads bounds how many instructions lead from a parameter to what is read of it.
const maxReads = 12

// assertions are the places in parameters at which functions look for a transaction.
type assertions struct {
	paths map[*ssa.Parameter][]string
	// open are the parameters that are being asked about, each for the one before it.
	open []*ssa.Parameter
	// found are those that an answer was found for since the first of open was asked about.
	found []*ssa.Parameter
	// cut: one of open was asked about for another, so that what was found may lack something.
	cut bool
	// again are those of found that are asked about a second time, nil the first time.
	again map[*ssa.Parameter]bool
}

// reset forgets what is being asked.
func (a *assertions) reset() { a.open, a.found, a.cut, a.again = nil, nil, false, nil }

// assertsTx are the places in and below a parameter that are of an interface type which
// does not speak of transactions, and in which its function looks for one. Functions that call
// one another are asked twice, as the first time around one of them does not know of the next.
// Have: func (r *Repo) Commit() error { return r.ext.(*sql.Tx).Commit() }
func (f *flow) assertsTx(p *ssa.Parameter) []string {
	a := &f.asserted
	if i := slices.Index(a.open, p); i >= 0 {
		a.cut = a.cut || i < len(a.open)-1
		return a.paths[p]
	}
	if paths, known := a.paths[p]; known && !a.again[p] {
		return paths
	}
	delete(a.again, p)
	a.open = append(a.open, p)
	a.paths[p] = f.findAsserts(p)
	a.open = a.open[:len(a.open)-1]
	a.found = append(a.found, p)
	if len(a.open) > 0 {
		return a.paths[p]
	}
	if a.cut && a.again == nil {
		a.again = make(map[*ssa.Parameter]bool)
		for _, q := range a.found {
			a.again[q] = true
		}
		f.assertsTx(p)
	}
	a.reset()
	return a.paths[p]
}

// findAsserts looks for what assertsTx tells.
func (f *flow) findAsserts(p *ssa.Parameter) (paths []string) {
	add := func(path string) {
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	for _, b := range p.Parent().Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.TypeAssert:
				if path, ok := f.pathBelow(instr.X, p, maxReads); ok && f.isAssertion(instr) {
					add(path)
				}
			case ssa.CallInstruction:
				for _, path := range f.assertsIn(instr.Common(), p) {
					add(path)
				}
			}
		}
	}
	return paths
}

// isAssertion reports whether an assertion takes what is in an interface for a transaction,
// or for what the instances of a generic function that yields it want.
// Have: func As[T any](t Token) (T, error) { v, ok := t.inner.(T); ... }
func (f *flow) isAssertion(a *ssa.TypeAssert) bool {
	return types.IsInterface(a.X.Type()) && f.mayBeAsserted(a.Parent(), a.AssertedType)
}

// mayBeAsserted reports whether a function may take what is of a type for a transaction.
func (f *flow) mayBeAsserted(fn *ssa.Function, t types.Type) bool {
	return f.leadsToTx(t) || isTypeParam(t) && anyOf(fn.Signature.Results().Variables(), func(res types.Type) bool { return types.Identical(res, t) })
}

// assertsIn are the places below a parameter in which a function that is called with what was
// read of it looks for a transaction.
// Have: tx, err := of(t); if err != nil { return err }; return tx.Rollback()
func (f *flow) assertsIn(call *ssa.CallCommon, p *ssa.Parameter) (paths []string) {
	for i, arg := range call.Args {
		if isBasic(arg.Type()) || !f.isReadOf(arg, p) {
			continue
		}
		for _, inside := range f.assertsGiven(call, i) {
			if path, ok := f.pathInto(arg, inside, p, maxReads); ok {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

// isReadOf reports whether a value was read of a parameter, or is the address of what was.
func (f *flow) isReadOf(v ssa.Value, p *ssa.Parameter) bool {
	_, ok := f.pathBelow(v, p, maxReads)
	if !ok {
		_, ok = f.pathOf(v, p, maxReads)
	}
	return ok
}

// assertsGiven are the places below argument i of a call in which the callee looks for a
// transaction: one of another package by what its fact tells.
func (f *flow) assertsGiven(call *ssa.CallCommon, i int) (paths []string) {
	fn := bodyOf(call)
	if fn != nil {
		return f.assertsTx(fn.Params[i])
	}
	obj, s := calleeObject(call), new(Summary)
	if obj == nil || call.IsInvoke() || obj.Pkg() == f.pass.Pkg || f.protocols.Role(obj) != nil || !f.importFact(obj, s) {
		return nil
	}
	for _, u := range s.Uses {
		if t := typeBelow(call.Args[i].Type(), u.At.Path); u.At.Index == i && types.IsInterface(t) && !f.canBeTx(t) && !isContext(t) {
			paths = append(paths, u.At.Path)
		}
	}
	return paths
}

// typeBelow returns the type at a path of fields and pointers.
func typeBelow(t types.Type, path string) types.Type {
	fields, rest, isPointer := strings.Cut(path, "*")
	for isPointer {
		t = pointerElem(typeAt(t, fields))
		fields, rest, isPointer = strings.Cut(rest, "*")
	}
	return typeAt(t, fields)
}

// bodyOf returns the function in view that is called, nil if there is none.
func bodyOf(call *ssa.CallCommon) *ssa.Function {
	fn := call.StaticCallee()
	if fn == nil {
		return nil
	}
	fn = declared(fn)
	if len(fn.Blocks) == 0 || len(fn.Params) != len(call.Args) {
		return nil
	}
	return fn
}

// pathBelow returns the path by which a value was read of a parameter.
func (f *flow) pathBelow(v ssa.Value, p *ssa.Parameter, depth int) (path string, ok bool) {
	if v == ssa.Value(p) {
		return "", true
	}
	if depth == 0 {
		return "", false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return f.pathOf(v.X, p, depth-1)
		}
	case *ssa.Field:
		path, ok = f.pathBelow(v.X, p, depth-1)
		return fieldPath(path, v.Field), ok
	case *ssa.ChangeInterface:
		return f.pathBelow(v.X, p, depth-1)
	case *ssa.Call:
		return f.pathYielded(v, p, depth-1)
	}
	return "", false
}

// pathYielded returns the path below a parameter of what a small function in view yields that
// reads it of what it is given.
// Have: func (t Token) get() any { return t.inner }
func (f *flow) pathYielded(call *ssa.Call, p *ssa.Parameter, depth int) (path string, ok bool) {
	if inside, ok := loadedAtomic(&call.Call); ok {
		path, ok = f.pathOf(call.Call.Args[0], p, depth)
		return path + inside, ok
	}
	fn := bodyOf(&call.Call)
	if fn == nil || len(fn.Blocks) != 1 || fn.Signature.Results().Len() != 1 {
		return "", false
	}
	ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
	if !ok {
		return "", false
	}
	for i, arg := range call.Call.Args {
		if inside, ok := f.pathBelow(ret.Results[0], fn.Params[i], depth); ok {
			return f.pathInto(arg, inside, p, depth)
		}
	}
	return "", false
}

// loadedAtomic returns the path below an atomic to what a method of that yields, which had been
// stored there.
// Have: tx, ok := u.held.Load().(*sql.Tx)
func loadedAtomic(call *ssa.CallCommon) (path string, ok bool) {
	obj := calleeObject(call)
	if obj == nil || obj.Signature().Recv() == nil || obj.Name() != "Load" && obj.Name() != "Swap" {
		return "", false
	}
	path, _, ok = atomicContents(pointerElem(obj.Signature().Recv().Type()))
	return path, ok
}

// pathInto returns the path below a parameter to a place below an argument of a call.
func (f *flow) pathInto(arg ssa.Value, inside string, p *ssa.Parameter, depth int) (path string, ok bool) {
	if rest, isPointer := strings.CutPrefix(inside, "*"); isPointer {
		path, ok = f.pathOf(arg, p, depth)
		return path + rest, ok
	}
	path, ok = f.pathBelow(arg, p, depth)
	return path + inside, ok
}

// pathOf returns the path to the variable below a parameter that an address is of.
func (f *flow) pathOf(address ssa.Value, p *ssa.Parameter, depth int) (path string, ok bool) {
	if depth == 0 {
		return "", false
	}
	switch v := address.(type) {
	case *ssa.FieldAddr:
		path, ok = f.pathOf(v.X, p, depth-1)
		return fieldPath(path, v.Field), ok
	case *ssa.Alloc: // a parameter that is a struct
		only, stored := onlyStore(v)
		return "", stored && only == ssa.Value(p)
	}
	path, ok = f.pathBelow(address, p, depth-1)
	return path + "*", ok
}

// onlyStore returns the value that a variable is set to, if it is set once and as a whole.
func onlyStore(v *ssa.Alloc) (only ssa.Value, ok bool) {
	for _, r := range *v.Referrers() {
		store, isStore := r.(*ssa.Store)
		if !isStore || store.Addr != ssa.Value(v) {
			continue
		}
		if only != nil {
			return nil, false
		}
		only = store.Val
	}
	return only, only != nil
}
