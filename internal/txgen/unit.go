package txgen

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// A Unit is one generated function with the helpers that only it calls.
type Unit struct {
	Name     string   // of the exported method, unique within a run
	Seed     uint64   // what it was made from
	Cases    string   // declarations for the package of the cases
	Kit      string   // declarations for the package that it imports
	Features []string // what it uses, sorted
}

//go:embed prelude/cases.go.txt
var casesPrelude string

//go:embed prelude/kit.go.txt
var kitPrelude string

// module is the path of the module that corpus runs.
const module = "txcases"

// paths are the packages that a unit may use, by their names.
var paths = map[string]string{
	"context": "context",
	"errors":  "errors",
	"fmt":     "fmt",
	"log":     "log",
	"os":      "os",
	"sql":     "database/sql",
	"iter":    "iter",
	"slices":  "slices",
	"strings": "strings",
	"sync":    "sync",
	"time":    "time",
}

// file makes a source file of declarations: it finds out what must be imported,
// kit from the given path, and formats it.
func file(pkg, kit, decls string) ([]byte, error) {
	fset := token.NewFileSet()
	src := "package " + pkg + "\n\n" + decls
	f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				if path := paths[id.Name]; path != "" {
					used[path] = true
				} else if id.Name == "kit" {
					used[kit] = true
				}
			}
		}
		return true
	})
	var all []string
	for path := range used {
		all = append(all, strconv.Quote(path))
	}
	slices.Sort(all)
	head := ""
	if len(all) > 0 {
		head = "import (\n" + strings.Join(all, "\n") + "\n)\n\n"
	}
	return format.Source([]byte("package " + pkg + "\n\n" + head + decls))
}

// A source is a file of the generated module.
type source struct {
	name string // slash-separated, from the module's folder
	text []byte
	unit int // index of the unit, -1 for a prelude
}

// sources returns the files of a package with the units, one file for each so that
// a line names its unit.
func sources(pkg string, units []Unit) ([]source, error) {
	kit := pkg + "/kit"
	out := []source{
		{pkg + "/cases.go", []byte(strings.Replace(casesPrelude, "PKG", pkg, 2)), -1},
		{kit + "/kit.go", []byte(kitPrelude), -1},
		{kit + "/cases.go", kitCases(), -1},
	}
	for i, u := range units {
		text, err := file(pkg, module+"/"+kit, u.Cases)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", u.Name, err)
		}
		out = append(out, source{fmt.Sprintf("%s/u%d.go", pkg, i), text, i})
		if u.Kit == "" {
			continue
		}
		text, err = file("kit", "", u.Kit)
		if err != nil {
			return nil, fmt.Errorf("%s, kit: %w", u.Name, err)
		}
		out = append(out, source{fmt.Sprintf("%s/u%d.go", kit, i), text, i})
	}
	return out, nil
}
