package txflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Functions that only look at what they are given, and answer the same when they are asked
// again (T2).
// Have: func (e *Errors) ErrorOrNil() error { if e == nil || len(e.all) == 0 { return nil }; return e }

// maxLooked bounds the functions that are looked into, one calling the other, to tell
// whether any of them changes something.
const maxLooked = 8

// looks reports whether a function, with those of its package that it calls, changes nothing
// that its callers can read, and calls nothing of which that is not known.
func (f *flow) looks(fn *ssa.Function) bool {
	looks, known := f.harmless[fn]
	if !known {
		looks = f.findLooks(fn)
		f.harmless[fn] = looks
	}
	return looks
}

func (f *flow) findLooks(fn *ssa.Function) bool {
	work := []*ssa.Function{fn}
	for i := 0; i < len(work); i++ {
		if i == maxLooked || len(work[i].Blocks) == 0 {
			return false
		}
		for _, b := range work[i].Blocks {
			for _, instr := range b.Instrs {
				callee, ok := f.looksIn(instr)
				if !ok {
					return false
				}
				if callee != nil && !slices.Contains(work, callee) {
					work = append(work, callee)
				}
			}
		}
	}
	return true
}

// looksIn reports whether an instruction changes nothing, provided that the function of the
// package which it calls, if there is one, does not.
func (f *flow) looksIn(instr ssa.Instruction) (callee *ssa.Function, ok bool) {
	switch instr := instr.(type) {
	case *ssa.Store:
		mods := make(map[string]bool)
		addStored(mods, instr.Addr)
		return nil, len(mods) == 0
	case *ssa.MapUpdate:
		_, own := instr.Map.(*ssa.MakeMap)
		return nil, own
	case *ssa.Send, *ssa.Select, *ssa.Go:
		return nil, false
	case *ssa.UnOp:
		return nil, instr.Op != token.ARROW
	case ssa.CallInstruction:
		return f.looksInCall(instr.Common())
	}
	return nil, true
}

func (f *flow) looksInCall(call *ssa.CallCommon) (callee *ssa.Function, ok bool) {
	if b, ok := call.Value.(*ssa.Builtin); ok {
		return nil, !slices.Contains(overwriting, b.Name()) && b.Name() != "close"
	}
	fn := call.StaticCallee()
	if fn == nil {
		return nil, false
	}
	if _, loads := atomicKey(call); loads {
		return nil, true
	}
	if fn = declared(fn); len(fn.Blocks) > 0 {
		return fn, true
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		return nil, false
	}
	if role := f.protocols.Role(obj); role != nil {
		return nil, role.OnlyAsks()
	}
	return nil, f.factOfMake(obj).Looks
}

// onlyReads reports whether a callee is known to change nothing of argument i: it is given
// that as any, to write it down, or to compare it.
// Have: body, err := json.Marshal(order); log.Println(order)
func (m *machine) onlyReads(c *call, i int) bool {
	role := m.flow.protocols.Role(c.obj)
	if role == nil || !role.Reads || c.sig == nil {
		return false
	}
	last := c.sig.Params().Len() - 1
	t := c.sig.Params().At(min(i, last)).Type()
	if list, ok := t.(*types.Slice); ok && c.sig.Variadic() && i >= last {
		t = list.Elem()
	}
	return isEmptyInterface(t)
}

// looksAway reports whether a callee of which no fact tells changes nothing: one in view, or the
// method of an interface, where all implementations in view only look.
// Have: type Request interface { Atomic() bool }
func (f *flow) looksAway(c *call) bool {
	switch {
	case c.fn != nil:
		return len(c.fn.Blocks) > 0 && f.looks(c.fn)
	case !c.instr.Common().IsInvoke():
		return false
	}
	looks, known := f.allLook[c.obj]
	if !known {
		looks = f.implementersLook(c.obj)
		f.allLook[c.obj] = looks
	}
	return looks
}

// implementersLook reports whether there are types which implement the interface of a method, in
// this package, in that of the interface or in those that this one imports, and all only look.
func (f *flow) implementersLook(method *types.Func) bool {
	iface, ok := method.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok || method.Pkg() == nil {
		return false
	}
	pkgs := append([]*types.Package{f.pass.Pkg}, f.pass.Pkg.Imports()...)
	if !slices.Contains(pkgs, method.Pkg()) {
		pkgs = append(pkgs, method.Pkg())
	}
	count := 0
	for _, pkg := range pkgs {
		for tn := range implementing(pkg, iface) {
			if count++; !f.methodLooks(methodOf(types.NewPointer(tn.Type()), method)) {
				return false
			}
		}
	}
	return count > 0
}

// methodLooks reports whether a method, of this package or of another one, only looks.
func (f *flow) methodLooks(method *types.Func) bool {
	if method == nil {
		return false
	}
	if method.Pkg() != f.pass.Pkg {
		return f.factOfMake(method).Looks
	}
	fn := f.prog.FuncValue(method)
	return fn != nil && f.looks(fn)
}
