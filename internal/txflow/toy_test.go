package txflow

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// toyProtocol describes the library that toy sources carry with them, so that
// tests of the engine type-check nothing else.
const toyProtocol = `
library: toy
imports: [toy]
handles: ["*toy.Tx"]
open:
  - func: (*toy.DB).Begin
finish:
  - commit: (*toy.Tx).Commit
    rollback: (*toy.Tx).Rollback
`

const toyLibrary = `package toy

type DB struct{ n int }
type Tx struct{ n int }

func (*DB) Begin() (*Tx, error)
func (*Tx) Commit() error
func (*Tx) Rollback() error
func (*Tx) Exec() error
`

// analyzeToy runs the flow pass over a source in the toy library's own package.
func analyzeToy(t testing.TB, src string) *Result {
	t.Helper()
	return runToy(t, src, func(types.Object, analysis.Fact) {})
}

func typeChecks(src string) bool {
	_, err := checkToy(src)
	return err == nil
}

// runToy is analyzeToy that passes on the facts about functions.
func runToy(t testing.TB, src string, export func(types.Object, analysis.Fact)) *Result {
	t.Helper()
	pass, err := checkToy(src)
	if err != nil {
		t.Fatal(err)
	}
	pass.ExportObjectFact = export
	opts := DefaultOptions()
	opts.Protocols = toyProtocol
	res := run(pass, opts)
	res.Complete()
	return res
}

func checkToy(src string) (*analysis.Pass, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for i, text := range []string{toyLibrary, "package toy\n" + src} {
		file, err := parser.ParseFile(fset, fmt.Sprintf("toy%d.go", i), text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	// Without a handler of errors go/types panics through all its frames.
	conf := types.Config{Error: func(error) {}}
	pkg, err := conf.Check("toy", fset, files, info)
	if err != nil {
		return nil, err
	}
	return &analysis.Pass{
		Fset: fset, Files: files, Pkg: pkg, TypesInfo: info,
		ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
	}, nil
}

// branches is a function with n branches of one form around a transaction.
func branches(form string, n int) string {
	var b strings.Builder
	b.WriteString("func f(db *DB, a []bool) error {\n\ttx, err := db.Begin()\n\tif err != nil {\n\t\treturn err\n\t}\n\tn := 0\n")
	for i := range n {
		fmt.Fprintf(&b, form, i)
	}
	b.WriteString("\tif n == 3 {\n\t\treturn nil\n\t}\n\treturn tx.Commit()\n}\n")
	return b.String()
}

var branchForms = map[string]string{
	"forgotten":  "\tif a[%d] {\n\t\tn++\n\t}\n",
	"returning":  "\tif a[%d] {\n\t\treturn nil\n\t}\n",
	"remembered": "\tvar e%[1]d error\n\tif a[%[1]d] {\n\t\te%[1]d = tx.Exec()\n\t}\n\tdefer func() { n, err = 1, e%[1]d }()\n",
}

// The cost of a function must grow with its branches, whatever they do.
func BenchmarkBranches(b *testing.B) {
	for name, form := range branchForms {
		for _, n := range []int{100, 200, 400} {
			src := branches(form, n)
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					analyzeToy(b, src)
				}
			})
		}
	}
}
