package txflow

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
)

// Fset returns the positions of the leaks.
func (r *Result) Fset() *token.FileSet { return r.pass.Fset }

// Again type-checks and analyses the package once more, with other texts in place
// of some of its files, so that a rule can try what a fix would do. It exports no
// facts.
func (r *Result) Again(texts map[*ast.File][]byte) (*Result, error) {
	pass := *r.pass
	pass.Fset = token.NewFileSet()
	pass.Files = make([]*ast.File, len(r.pass.Files))
	for i, file := range r.pass.Files {
		pass.Files[i] = file
		pass.Fset.AddExistingFiles(r.pass.Fset.File(file.FileStart))
	}
	imports := make(importer)
	for i, file := range r.pass.Files {
		imports.add(r.pass.TypesInfo, file)
		text, ok := texts[file]
		if !ok {
			continue
		}
		name := r.pass.Fset.File(file.FileStart).Name()
		anew, err := parser.ParseFile(pass.Fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		pass.Files[i] = anew
	}
	pass.TypesInfo = &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	config := types.Config{Importer: imports, GoVersion: r.pass.Pkg.GoVersion(), Sizes: r.pass.TypesSizes}
	pkg, err := config.Check(r.pass.Pkg.Path(), pass.Fset, pass.Files, pass.TypesInfo)
	if err != nil {
		return nil, err
	}
	pass.Pkg = pkg
	pass.ExportObjectFact = func(types.Object, analysis.Fact) {}
	pass.ExportPackageFact = func(analysis.Fact) {}
	res := prepare(&pass, r.opts)
	res.Complete()
	return res, nil
}

// An importer knows the packages that were imported the first time, by the paths
// that the source gives them.
type importer map[string]*types.Package

func (m importer) add(info *types.Info, file *ast.File) {
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if name := info.PkgNameOf(spec); err == nil && name != nil {
			m[path] = name.Imported()
		}
	}
}

// Import implements types.Importer.
func (m importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := m[path]; pkg != nil {
		return pkg, nil
	}
	return nil, errors.New("not imported before: " + path)
}
