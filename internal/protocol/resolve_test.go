package protocol

import (
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
	for sym := range f.names() {
		look(sym, func(p *types.Package) error { return hasName(p, sym) })
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
