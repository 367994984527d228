package unit

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A loaded package is parsed and type-checked.
type loaded struct {
	files []*ast.File
	pkg   *types.Package
	info  *types.Info
	sizes types.Sizes
}

// load parses and type-checks the unit. Where only endings are to be found out, it is
// nil if there are none.
func (u *unit) load(v *view) (*loaded, error) {
	l := &loaded{
		sizes: types.SizesFor("gc", build.Default.GOARCH),
		info: &types.Info{
			Types:        make(map[ast.Expr]types.TypeAndValue),
			Defs:         make(map[*ast.Ident]types.Object),
			Uses:         make(map[*ast.Ident]types.Object),
			Implicits:    make(map[ast.Node]types.Object),
			Instances:    make(map[*ast.Ident]types.Instance),
			Scopes:       make(map[ast.Node]*types.Scope),
			Selections:   make(map[*ast.SelectorExpr]*types.Selection),
			FileVersions: make(map[*ast.File]string),
		},
	}
	var err error
	mode := parser.ParseComments
	if v.ends != nil {
		mode = 0 // directives of ours count where there are rules
	}
	if l.files, err = u.parse(v.texts, mode); err != nil {
		return nil, err
	}
	var hard error
	conf := types.Config{
		Importer:  &exportData{unit: u, packages: make(map[string]*types.Package)},
		Sizes:     l.sizes,
		GoVersion: u.cfg.GoVersion,
	}
	if v.ends != nil {
		var some bool
		if l.files, some = txflow.Endless(u.fset, l.files, v.ends, u.cfg.own()); !some {
			return nil, nil
		}
		// Without bodies, imports are not used.
		conf.Error = func(err error) {
			if soft, ok := err.(types.Error); hard == nil && !(ok && soft.Soft) {
				hard = err
			}
		}
	}
	l.pkg, err = conf.Check(u.cfg.ImportPath, u.fset, l.files, l.info)
	if v.ends != nil {
		err = hard
	}
	return l, err
}

// parse parses the files of the unit.
func (u *unit) parse(texts [][]byte, mode parser.Mode) (files []*ast.File, err error) {
	for i, name := range u.cfg.GoFiles {
		var text any
		if texts != nil {
			text = texts[i]
		}
		file, err := parser.ParseFile(u.fset, name, text, mode|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// exportData imports what the compiler has written.
type exportData struct {
	unit     *unit
	packages map[string]*types.Package
}

// Import returns the package that an import path stands for in the unit.
func (e *exportData) Import(importPath string) (*types.Package, error) {
	cfg := e.unit.cfg
	path, ok := cfg.ImportMap[importPath]
	switch {
	case !ok:
		return nil, fmt.Errorf("can't resolve import %q", importPath)
	case path == "unsafe":
		return types.Unsafe, nil
	}
	if pkg := e.packages[path]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	file, ok := cfg.PackageFile[path]
	if !ok {
		return nil, fmt.Errorf("no package file for %q", path)
	}
	return readExportData(e.unit.fset, e.packages, file, path)
}

func readExportData(fset *token.FileSet, packages map[string]*types.Package, file, path string) (*types.Package, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %v", file, err)
	}
	return gcexportdata.Read(r, fset, packages, path)
}
