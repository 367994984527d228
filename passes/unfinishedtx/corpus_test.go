package unfinishedtx_test

import (
	"bytes"
	"go/format"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/txcheck/txcheck/internal/corpus"
	"github.com/txcheck/txcheck/passes/unfinishedtx"
)

const cases = "../../testdata"

// TestCorpus compares what is reported in the cases with what they expect, and
// proves the fixes: once they are applied everything compiles and is as gofmt wants
// it, nothing that had a fix is reported, and nothing that had one leaks when it is
// executed.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses, builds and runs the corpus")
	}
	dirs, err := corpus.Modules(cases)
	if err != nil || len(dirs) < 2 {
		t.Fatal(dirs, err)
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(cases)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			src, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			judge(t, src, filepath.Join(copied, name))
		})
	}
}

// judge looks at one module of cases, and mends the copy of it.
func judge(t *testing.T, src, dir string) {
	results := analysistest.Run(t, src, unfinishedtx.Analyzer, "./...")
	mended, all, fixed := applyAll(t, results, src, dir)
	mendable := all - unmendable(results)
	t.Logf("%d of %d findings have a fix (%.1f %%)", fixed, all, 100*float64(fixed)/float64(all))
	if 10*fixed < 9*mendable {
		t.Errorf("too few fixes: %d of %d", fixed, mendable)
	}
	left := stillReported(t, dir)
	if len(left) != all-fixed {
		t.Errorf("%d reported after the fixes, %d had none\n%s", len(left), all-fixed, strings.Join(left, "\n"))
	}
	after := stillLeaking(t, dir, mended)
	if filepath.Base(src) == "src" { // the servers of other modules answer in their own time
		unchanged(t, run(t, src), after)
	}
}

// run executes the cases below dir.
func run(t *testing.T, dir string) []corpus.Result {
	c, err := corpus.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	results, _, err := c.Run(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// halfEnding calls a helper that ends what it begins on one way out only. The helper's
// other way out is reported, and mended, whatever its callers do (T10).
const halfEnding = "txcases/handback.Half"

// unchanged compares the paths that left nothing open before the fixes: they must
// ask the same of the driver, in the same order.
func unchanged(t *testing.T, before, after []corpus.Result) {
	mended := make(map[string]*corpus.Result)
	for i, res := range after {
		mended[res.Package+"."+res.Case] = &after[i]
	}
	paths := 0
	for _, res := range before {
		name := res.Package + "." + res.Case
		paths += len(res.Sound)
		if changed := res.Changed(mended[name]); len(changed) > 0 && name != halfEnding {
			t.Errorf("%s: the fixes change %d of %d sound paths: %s", name, len(changed), len(res.Sound), changed[0])
		}
	}
	t.Logf("%d sound paths are as before", paths)
}

// deciding are the packages of cases whose transactions are functions that commit or
// roll back by the error they are pointed to: no edit can call one for the author.
var deciding = map[string]bool{"zombiezen": true}

// unmendable counts the findings in them.
func unmendable(results []*analysistest.Result) (n int) {
	for _, r := range results {
		if deciding[r.Pass.Pkg.Name()] {
			n += len(r.Diagnostics)
		}
	}
	return n
}

// applyAll applies the first fix of every finding to a copy of the corpus. It
// returns the functions all of whose findings have one.
func applyAll(t *testing.T, results []*analysistest.Result, src, dir string) (mended map[string]bool, all, fixed int) {
	mended = make(map[string]bool)
	open := make(map[string]bool)
	edits := make(map[string][]analysis.TextEdit)
	var fset *token.FileSet
	for _, r := range results {
		fset = r.Pass.Fset
		for _, d := range r.Diagnostics {
			all++
			name := r.Pass.Pkg.Name() + "." + function(d.Message)
			if len(d.SuggestedFixes) == 0 {
				t.Log("no fix:", r.Pass.Fset.Position(d.Pos), d.Message)
				open[name] = true
				continue
			}
			mended[name] = true
			fixed++
			for _, e := range d.SuggestedFixes[0].TextEdits {
				name := fset.File(e.Pos).Name()
				edits[name] = append(edits[name], e)
			}
		}
	}
	for name, list := range edits {
		rel, err := filepath.Rel(src, name)
		if err != nil {
			t.Fatal(err)
		}
		text := apply(t, fset, name, list)
		if tidy, err := format.Source(text); err != nil || !bytes.Equal(tidy, text) {
			t.Errorf("%s is not as gofmt wants it (%v)", rel, err)
		}
		if err := os.WriteFile(filepath.Join(dir, rel), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name := range open {
		delete(mended, name)
	}
	return mended, all, fixed
}

// function returns the name at the end of a message: Cases.Name.
func function(message string) string {
	_, name, _ := strings.Cut(message, "(in ")
	return strings.TrimSuffix(name, ")")
}

// apply merges edits as drivers do: what is the same is done once.
func apply(t *testing.T, fset *token.FileSet, name string, list []analysis.TextEdit) []byte {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(list, func(a, b analysis.TextEdit) int {
		if a.Pos != b.Pos {
			return int(a.Pos - b.Pos)
		}
		return bytes.Compare(a.NewText, b.NewText)
	})
	list = slices.CompactFunc(list, func(a, b analysis.TextEdit) bool {
		return a.Pos == b.Pos && a.End == b.End && bytes.Equal(a.NewText, b.NewText)
	})
	file := fset.File(list[0].Pos)
	var out []byte
	at := 0
	for _, e := range list {
		out = append(out, text[at:file.Offset(e.Pos)]...)
		out = append(out, e.NewText...)
		at = file.Offset(e.End)
	}
	return append(out, text[at:]...)
}

// quiet is a testing that expects no wants to be met.
type quiet struct{ t *testing.T }

func (q quiet) Errorf(string, ...any) {}

// stillReported analyses the mended corpus: nothing may have a fix left.
func stillReported(t *testing.T, dir string) (left []string) {
	for _, r := range analysistest.Run(quiet{t}, dir, unfinishedtx.Analyzer, "./...") {
		if r.Err != nil {
			t.Error(r.Err)
		}
		for _, d := range r.Diagnostics {
			left = append(left, r.Pass.Fset.Position(d.Pos).String()+": "+d.Message)
			if len(d.SuggestedFixes) > 0 {
				t.Errorf("a second pass has something to do: %s", left[len(left)-1])
			}
		}
	}
	return left
}

// stillLeaking runs the mended corpus: no transaction may leak that was begun in a
// function which had fixes.
func stillLeaking(t *testing.T, dir string, mended map[string]bool) []corpus.Result {
	results := run(t, dir)
	sound := 0
	for _, res := range results {
		if len(res.Leaks) == 0 {
			sound++
		}
		for _, e := range res.Errors {
			t.Errorf("%s.%s: %s", res.Package, res.Case, e)
		}
		for _, leak := range res.Leaks {
			for _, e := range leak.Exits {
				if mended[strings.NewReplacer("(*", "", ")", "", "[...]", "").Replace(e.Func)] {
					t.Errorf("%s.%s leaks after the fixes: %+v\n\t%s",
						res.Package, res.Case, leak.Exits, strings.Join(leak.Trace, "\n\t"))
					break
				}
			}
		}
	}
	t.Logf("%d of %d cases leak nothing after the fixes", sound, len(results))
	return results
}
