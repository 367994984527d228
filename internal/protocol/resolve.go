package protocol

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"slices"
)

// Unresolved looks every name of a description up in the packages themselves, and
// returns an *Error for each that none of them has, or that has another signature
// than its facts need, in the order of the text. Load returns a package by its path,
// or nil if it is not at hand.
func (f *File) Unresolved(load func(path string) *types.Package) (faults []error) {
	look := func(sym symbol, find func(*types.Package) error) {
		if f.paths[sym.pkg] == nil {
			return // known by its shape alone
		}
		var err error
		for _, path := range f.paths[sym.pkg] {
			pkg := load(path)
			if pkg == nil {
				continue
			}
			if err = find(pkg); err == nil {
				return
			}
		}
		if err == nil {
			err = fmt.Errorf("no package %v is at hand", f.paths[sym.pkg])
		}
		faults = append(faults, Locate(f.Library.File, ErrorAt(f.written[sym].tok, "%v", err)))
	}
	for _, sym := range f.order {
		look(sym, func(p *types.Package) error { return f.resolve(p, sym) })
	}
	for sym := range f.names() {
		look(sym, func(p *types.Package) error { return hasName(p, sym) })
	}
	slices.SortFunc(faults, func(a, b error) int {
		x, y := a.(*Error), b.(*Error)
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column), cmp.Compare(x.Message, y.Message))
	})
	return faults
}

// names are the types and variables that a description names.
func (f *File) names() map[symbol]bool {
	all := make(map[symbol]bool)
	maps.Copy(all, f.handles)
	maps.Copy(all, f.vars)
	for sym := range f.chains {
		all[sym] = true
	}
	return all
}

// hasName looks for a type or a variable.
func hasName(p *types.Package, sym symbol) error {
	if p.Scope().Lookup(sym.name) == nil {
		return fmt.Errorf("%s has no %s", p.Path(), sym.name)
	}
	return nil
}

// resolve finds a function in a real package and holds its facts against it.
func (f *File) resolve(p *types.Package, sym symbol) error {
	fn := lookup(p, sym)
	if fn == nil && f.moved(p, sym) {
		return nil
	}
	if fn == nil {
		return fmt.Errorf("%s declares no %s", p.Path(), sym)
	}
	r := f.roles[sym].instance(fn)
	if r == nil {
		return fmt.Errorf("%s: the facts do not fit %s", fn.FullName(), fn.Signature())
	}
	if o := r.Open; o != nil && o.Handle.Kind == Result {
		if isError(fn.Signature().Results().At(o.Handle.Index).Type()) {
			return fmt.Errorf("%s: the handle is an error", fn.FullName())
		}
	}
	if o := r.Open; o != nil && o.CancelFinishes && o.Ctx < 0 && !o.CtxOfRecv {
		return fmt.Errorf("%s: has no context to cancel", fn.FullName())
	}
	sig := fn.Signature()
	for what, i := range map[string]int{"runs": r.Runs, "keeps": r.Keeps} {
		if i >= 0 && !callable(sig.Params().At(i).Type()) {
			return fmt.Errorf("%s: %s arg %d, which is no func", fn.FullName(), what, i)
		}
	}
	if m := r.Managed; m != nil && !callable(sig.Params().At(m.Callback).Type()) {
		return fmt.Errorf("%s: arg %d is no func", fn.FullName(), m.Callback)
	}
	return nil
}

// callable admits any, in which ginkgo and runtime take their callbacks.
func callable(t types.Type) bool {
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem()
	}
	return isFunc(t) || types.IsInterface(t)
}

// lookup finds the function where go/types says that it is declared: a promoted
// method has another name.
func lookup(p *types.Package, sym symbol) *types.Func {
	if sym.recv == "" {
		fn, _ := p.Scope().Lookup(sym.name).(*types.Func)
		return fn
	}
	obj, ok := p.Scope().Lookup(sym.recv).(*types.TypeName)
	if !ok {
		return nil
	}
	n := named(obj.Type())
	if n == nil {
		return nil
	}
	for m := range n.Methods() {
		if m.Name() == sym.name {
			return m
		}
	}
	if i, ok := n.Underlying().(*types.Interface); ok {
		for m := range i.ExplicitMethods() {
			if m.Name() == sym.name {
				return m
			}
		}
	}
	return nil
}

// moved reports whether a method is promoted from a type under which the file
// lists it too: versions of a library differ in where they declare it.
func (f *File) moved(p *types.Package, sym symbol) bool {
	obj, ok := p.Scope().Lookup(sym.recv).(*types.TypeName)
	if !ok {
		return false
	}
	m, _, _ := types.LookupFieldOrMethod(obj.Type(), true, p, sym.name)
	fn, ok := m.(*types.Func)
	if !ok || fn.Pkg() != p {
		return false
	}
	n := named(fn.Signature().Recv().Type())
	return n != nil && f.roles[symbol{sym.pkg, n.Obj().Name(), sym.name}] != nil
}
