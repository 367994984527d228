package txflow

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Packages that know nothing of transactions have functions whose answers decide what
// becomes of one: constructors of errors, predicates, handlers of what went wrong, and the
// methods of objects that keep that. Of the packages of the program itself, facts tell
// what they yield.
// Have: return apierr.NotFound("user", id); if web.Handled(w, err) { return }

// Bounds of such a function: its statements, and how many calls down they are followed
// in the package.
const (
	maxTold   = 20
	toldCalls = 2
)

// IsOwn reports whether a package is the program's own, and not of a module that was
// downloaded. Some drivers do not know of modules: then it is one that is not of the
// standard library.
func IsOwn(module *analysis.Module, path string) bool {
	if module == nil {
		return !protocol.InStandard(path)
	}
	return module.Path != "" && module.Version == ""
}

// tellers returns the declarations of functions which tell their callers something by what
// they yield, or store, and of those that they call, as far as all of them are short and no
// generator has written them; ends tells which calls may end a path.
func tellers(fset *token.FileSet, files []*ast.File, ends func(*ast.Ident) bool) map[*ast.FuncDecl]bool {
	found := make(map[*ast.FuncDecl]bool)
	short := make(map[string][]*ast.FuncDecl) // by name
	var all, work []*ast.FuncDecl
	for _, file := range files {
		if isMachineMade(fset.Position(file.Package).Filename) {
			continue
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && isShort(fn.Body, takesFunc(fn)) {
				short[fn.Name.Name] = append(short[fn.Name.Name], fn)
				all = append(all, fn)
			}
		}
	}
	guards := guarding(all, ends)
	for _, fn := range all {
		if fn.Name.IsExported() && (mayTell(fn) || guards[fn]) {
			found[fn] = true
			work = append(work, fn)
		}
	}
	for range toldCalls {
		var next []*ast.FuncDecl
		for _, fn := range work {
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok {
					return true
				}
				for _, callee := range short[id.Name] {
					if !found[callee] {
						found[callee] = true
						next = append(next, callee)
					}
				}
				return true
			})
		}
		work = next
	}
	return found
}

// takesFunc reports whether a function by its declaration takes one that it may run.
// Have: func Measure(name string, f func() error) error
func takesFunc(fn *ast.FuncDecl) bool {
	return slices.ContainsFunc(fn.Type.Params.List, func(field *ast.Field) bool {
		_, ok := field.Type.(*ast.FuncType)
		return ok
	})
}

// takesPointer reports whether a function by its declaration takes a pointer to store at.
// Have: func Keep(first *error, err error)
func takesPointer(fn *ast.FuncDecl) bool {
	return slices.ContainsFunc(fn.Type.Params.List, func(field *ast.Field) bool {
		_, ok := field.Type.(*ast.StarExpr)
		return ok
	})
}

// mayTell reports whether by its declaration a function yields an error, a boolean, an
// object or how much one has, runs another one, or is a setter.
func mayTell(fn *ast.FuncDecl) bool {
	if takesFunc(fn) {
		return true
	}
	results := fn.Type.Results
	if results.NumFields() == 0 {
		return len(fn.Body.List) <= 4 && (fn.Recv != nil || takesPointer(fn))
	}
	for _, field := range results.List {
		switch t := field.Type.(type) {
		case *ast.Ident:
			if t.Name == "error" || t.Name == "bool" || results.NumFields() == 1 && (fn.Recv == nil || t.Name == "int" && len(fn.Body.List) == 1) {
				return true
			}
		case *ast.StarExpr:
			if results.NumFields() == 1 && fn.Recv == nil {
				return true
			}
		}
	}
	return false
}

// isShort reports whether a body has few statements, and nothing that takes its time,
// unless it may: where it runs another function again and again.
func isShort(body *ast.BlockStmt, takesTime bool) bool {
	n := 0
	ast.Inspect(body, func(node ast.Node) bool {
		switch node.(type) {
		case *ast.GoStmt:
			n = maxTold
		case *ast.ForStmt, *ast.SelectStmt:
			n++
			if !takesTime {
				n = maxTold
			}
		case *ast.BlockStmt:
		case ast.Stmt:
			n++
		}
		return n < maxTold
	})
	return n < maxTold
}

// isMachineMade reports whether a file by its name was written by a generator: such files
// have getters by the thousand.
func isMachineMade(name string) bool {
	for _, end := range []string{".pb.go", ".gen.go", "_gen.go", "_generated.go", "_string.go", ".pb.gw.go"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.Contains(name, "zz_generated")
}
