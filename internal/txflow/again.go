package txflow

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Fset returns the positions of the leaks.
func (r *Result) Fset() *token.FileSet { return r.pass.Fset }

// Again type-checks the package once more, with other texts in place of some of its files,
// so that a rule can try what a fix would do. The texts differ in the declarations that are
// said to be edited, and hold as many. Only functions for which that may change anything
// are followed. It exports no facts. It fails with ErrWork once it has been asked to do too much.
func (r *Result) Again(texts map[*ast.File][]byte, edited map[ast.Decl]bool) (*Result, error) {
	if r.flow.tried > r.flow.limit {
		return nil, ErrWork
	}
	pass := *r.pass
	pass.Fset = token.NewFileSet()
	pass.Files = make([]*ast.File, len(r.pass.Files))
	for i, file := range r.pass.Files {
		pass.Files[i] = file
		pass.Fset.AddExistingFiles(r.pass.Fset.File(file.FileStart))
	}
	imports := make(importer)
	changed := make(map[ast.Decl]bool)
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
		for j, d := range file.Decls {
			if edited[d] {
				changed[anew.Decls[j]] = true
			}
		}
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
	res.Doubts = make(map[token.Pos]bool)
	if res.flow == nil {
		return res, nil
	}
	res.flow.funcs = res.flow.affected(changed)
	res.flow.work, res.flow.limit = r.flow.tried, r.flow.limit
	res.Complete()
	if r.flow.tried = res.flow.work; r.flow.tried > r.flow.limit {
		return nil, ErrWork
	}
	return res, nil
}

// ErrWork tells that the bound of the work for the fixes of a package was hit.
var ErrWork = errors.New("too much work")

// affected returns the functions of some declarations, and those that may call them.
func (f *flow) affected(decls map[ast.Decl]bool) []*ssa.Function {
	found := make(map[*ssa.Function]bool)
	methods := make(map[string]bool)
	for grown := true; grown; {
		grown = false
		for _, fn := range f.funcs {
			d, _ := fn.Syntax().(*ast.FuncDecl)
			if found[fn] || !decls[d] && !refersTo(fn, found, methods) {
				continue
			}
			if d == nil {
				return f.funcs // a variable of the package may hold one of them
			}
			found[fn], grown = true, true
			if fn.Signature.Recv() != nil {
				methods[fn.Name()] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(f.funcs), func(fn *ssa.Function) bool { return !found[fn] })
}

// refersTo reports whether a function, or a literal in it, may call one of some functions,
// or methods of such names.
func refersTo(fn *ssa.Function, funcs map[*ssa.Function]bool, methods map[string]bool) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && call.Common().IsInvoke() && methods[call.Common().Method.Name()] {
				return true
			}
			for _, op := range instr.Operands(nil) {
				g, ok := (*op).(*ssa.Function)
				if !ok {
					continue
				}
				name, _, _ := strings.Cut(g.Name(), "$") // of a method that is bound, or promoted
				if funcs[g] || funcs[g.Origin()] || g.Synthetic != "" && methods[name] {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(literal *ssa.Function) bool { return refersTo(literal, funcs, methods) })
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
