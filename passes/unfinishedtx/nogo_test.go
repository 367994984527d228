package unfinishedtx_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/corpus"
	"github.com/txcheck/txcheck/passes/unfinishedtx"
)

// TestNogo analyses the cases as nogo does. It knows nothing of the standard library
// but what the data say. Where it analyses the other module of the cases first, it
// finds everything; where it does not, it finds nothing else, and what it misses is in
// functions that name that module.
func TestNogo(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses the corpus three times")
	}
	for _, f := range unfinishedtx.Analyzer.Requires[0].FactTypes {
		gob.Register(f)
	}
	dir, err := filepath.Abs(filepath.Join(cases, "src"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := corpus.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := list(t, dir)
	full := drive(t, all, unfinishedtx.Analyzer, "txcases", "othercases/txkit")
	for _, w := range full.missing(c) {
		t.Errorf("%s:%d: not found: %s", w.File, w.Line, w.Pattern)
	}
	t.Run("Deterministic", func(t *testing.T) {
		again := drive(t, all, unfinishedtx.Analyzer, "txcases", "othercases/txkit")
		for path, text := range full.facts {
			if !bytes.Equal(text, again.facts[path]) {
				t.Errorf("two runs differ in the facts of %s", path)
			}
		}
	})
	t.Run("Sizes", func(t *testing.T) { checkSizes(t, full) })
	t.Run("OneModule", func(t *testing.T) {
		d := drive(t, all, unfinishedtx.Analyzer, "txcases")
		missing := d.missing(c)
		if len(missing) == 0 {
			t.Error("the facts of the other module make no difference")
		}
		for _, w := range missing {
			t.Logf("missed without facts: %s:%d: %s", w.File, w.Line, w.Pattern)
			if !namesOther(c, w) {
				t.Errorf("%s:%d: not found, although it is about this module: %s", w.File, w.Line, w.Pattern)
			}
		}
	})
}

// checkSizes bounds what facts cost.
func checkSizes(t *testing.T, d *driver) {
	total, files, ofPackage := 0, 0, slices.Max(d.packageSizes)
	for _, n := range d.sizes {
		total += n
	}
	for _, text := range d.facts {
		files += len(text)
	}
	largest := slices.Max(d.sizes)
	t.Logf("%d facts of functions, %d bytes, the largest %d; the largest of a package %d; %d bytes with names", len(d.sizes), total, largest, ofPackage, files)
	if largest > 1024 || total > 100*len(d.sizes) || ofPackage > 4096 {
		t.Errorf("facts are too large")
	}
}

// missing compares what was found with what is wanted in the cases. It returns the
// wants that were not met. Everything else that was found is an error.
func (d *driver) missing(c *corpus.Corpus) (missing []corpus.Want) {
	left := slices.Clone(d.found)
	for _, w := range c.Wants() {
		name := filepath.Join(c.Dir, filepath.FromSlash(w.File))
		i := slices.IndexFunc(left, func(f finding) bool {
			return f.file == name && f.line == w.Line && w.Pattern.MatchString(f.message)
		})
		if i < 0 {
			missing = append(missing, w)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, f := range left {
		if strings.HasPrefix(f.file, c.Dir) {
			d.t.Errorf("%s:%d: unexpected: %s", f.file, f.line, f.message)
		}
	}
	return missing
}

// namesOther reports whether a want is in a function that names the other module.
func namesOther(c *corpus.Corpus, w corpus.Want) (found bool) {
	for _, p := range c.Packages {
		for _, f := range p.Files {
			if f.Name != w.File {
				continue
			}
			ast.Inspect(f.Syntax, func(n ast.Node) bool {
				if fn, ok := n.(*ast.FuncDecl); ok {
					return f.Fset.Position(fn.Pos()).Line <= w.Line && w.Line <= f.Fset.Position(fn.End()).Line
				}
				if sel, ok := n.(*ast.SelectorExpr); ok {
					found = found || fmt.Sprint(sel.X) == "txkit"
				}
				return true
			})
		}
	}
	return found
}
