package protocol

import (
	"fmt"
	"go/types"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// realModule imports the real libraries, so that the module of txcheck itself need
// not.
const realModule = "../../testdata/libraries"

// TestResolve looks every listed name up in the real library: a renamed method shall
// fail us, not the user.
func TestResolve(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles every library")
	}
	res := &resolver{loaded: loadReal(t)}
	for _, src := range sources() {
		res.file(t, src.parse())
	}
}

// loadReal gives the types of the packages that realModule imports, and of those of
// the standard library that the embedded files list.
func loadReal(t *testing.T) map[string]*types.Package {
	t.Helper()
	want := []string{"./..."}
	listed := map[string]bool{}
	for _, src := range sources() {
		for _, path := range src.parse().Library.Imports {
			listed[path] = true
			if host, _, _ := strings.Cut(path, "/"); !strings.Contains(host, ".") {
				want = append(want, path)
			}
		}
	}
	pkgs, err := packages.Load(&packages.Config{
		Dir: realModule,
		Env: append(os.Environ(), "GOWORK=off"),
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps |
			packages.NeedExportFile,
	}, want...)
	if err != nil {
		t.Fatal(err)
	}
	loaded := map[string]*types.Package{}
	for _, p := range pkgs {
		if p.PkgPath == "libraries" {
			for path := range p.Imports { // generated code is known by its shape
				listed[path] = true
			}
		}
	}
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		for _, err := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, err)
		}
		if listed[p.PkgPath] {
			loaded[p.PkgPath] = p.Types
		}
	})
	return loaded
}

type resolver struct {
	loaded map[string]*types.Package
}

// packages are those at hand that a file calls by this name, and whether they
// must have all that the file says of them: when the module that the file was
// written from is among them, or when none is missing.
func (res *resolver) packages(f *File, qual string) (pkgs []*types.Package, bound bool) {
	bound = true
	for _, path := range f.paths[qual] {
		if p := res.loaded[path]; p != nil {
			pkgs = append(pkgs, p)
		} else {
			bound = false
		}
	}
	bound = bound || slices.ContainsFunc(pkgs, func(p *types.Package) bool {
		return p.Path() == f.Library.Module || strings.HasPrefix(p.Path(), f.Library.Module+"/")
	})
	for _, sh := range f.shapes {
		if sh.Package != qual || len(pkgs) > 0 {
			continue
		}
		for _, p := range res.loaded {
			if sh.fits(p) {
				pkgs = append(pkgs, p)
			}
		}
	}
	return pkgs, bound && len(pkgs) > 0
}

func (res *resolver) file(t *testing.T, f *File) {
	names, absent := 0, map[string]bool{}
	look := func(sym symbol, find func(*types.Package) error) {
		pkgs, bound := res.packages(f, sym.pkg)
		var last error
		for _, p := range pkgs {
			if last = find(p); last == nil {
				names++
				return
			}
		}
		if bound {
			t.Errorf("%s: %v", f.Library.File, last)
		} else {
			absent[sym.pkg] = true
		}
	}
	for _, sym := range f.order {
		look(sym, func(p *types.Package) error { return f.resolve(p, sym) })
	}
	chains := map[symbol]bool{}
	for sym := range f.chains {
		chains[sym] = true
	}
	for _, set := range []map[symbol]bool{f.handles, f.views, chains, f.vars} {
		for sym := range set {
			look(sym, func(p *types.Package) error {
				if p.Scope().Lookup(sym.name) == nil {
					return fmt.Errorf("%s has no %s", p.Path(), sym.name)
				}
				return nil
			})
		}
	}
	if len(absent) > 0 {
		t.Errorf("%s: realModule imports no package %v", f.Library.File, keys(absent))
	}
	t.Logf("%-20s %3d names resolved", f.Library.Name, names)
}

func keys(m map[string]bool) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
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
