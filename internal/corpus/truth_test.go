package corpus

import (
	"flag"
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var only = flag.String("only", "", "run the cases whose name, or the path of whose package, contains `text`")

// TestTruth runs the cases: they must leak where, and only where, their comments
// say so.
func TestTruth(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the corpus")
	}
	dirs, err := Modules("../../testdata")
	if err != nil || len(dirs) < 2 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { truth(t, dir) })
	}
}

func truth(t *testing.T, dir string) {
	c := open(t, dir)
	for _, p := range c.Packages {
		if total, silent := p.functions(); strings.Contains(p.Path, *only) && p.NotRun && !p.Files[0].isCommand() && 2*silent < total {
			t.Errorf("%s: %d of %d functions are silent; at least half should be", p.Path, silent, total)
		}
	}
	results, returns, err := c.Run(t.Context(), t.TempDir(), *only)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range c.Compare(results, returns) {
		t.Error(line)
	}
	if *only != "" {
		for _, res := range results {
			t.Logf("%s.%s: %d paths, %d leaks", res.Package, res.Case, res.Paths, len(res.Leaks))
		}
		return
	}
	silent, paths, abandoned, blocked := 0, 0, 0, 0
	for _, res := range results {
		if len(res.Leaks) == 0 {
			silent++
		}
		paths += res.Paths
		abandoned += res.Abandoned
		blocked += res.Blocked
		if res.Paths == res.Abandoned {
			t.Errorf("%s.%s: every path is too deep", res.Package, res.Case)
		}
	}
	t.Logf("%d cases, %d silent, %d wants; %d paths, %d of them too deep, %d that wait for ever",
		len(results), silent, len(c.Wants()), paths, abandoned, blocked)
	if 2*silent < len(results) {
		t.Errorf("%d of %d cases are silent; at least half should be", silent, len(results))
	}
}

// functions counts those that are declared, and those in which nothing is expected.
func (p *Package) functions() (total, silent int) {
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			total++
			from, to := f.Fset.Position(fn.Pos()).Line, f.Fset.Position(fn.End()).Line
			if !slices.ContainsFunc(f.Wants, func(w Want) bool { return from <= w.Line && w.Line <= to }) {
				silent++
			}
		}
	}
	return total, silent
}

func open(t *testing.T, dir string) *Corpus {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
