package unfinishedtx_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/txcheck/txcheck/internal/corpus"
	"github.com/txcheck/txcheck/internal/govet"
	"github.com/txcheck/txcheck/internal/report"
	"github.com/txcheck/txcheck/passes/unfinishedtx"
)

const cases = "../../testdata"

// TestCorpus compares what is reported in the cases with what they expect, and
// proves the fixes: once they are applied everything compiles and is as gofmt wants
// it, nothing that had a fix is reported, and nothing that had one leaks when it is
// executed. The go command runs the analysis, and keeps what it found in libraries;
// the first module is analysed in process as well.
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
	tool := filepath.Join(t.TempDir(), "txcheck")
	if out, err := exec.Command("go", "build", "-o", tool, "../../cmd/txcheck").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, dir := range dirs {
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			src, err := filepath.Abs(dir)
			if err != nil {
				t.Fatal(err)
			}
			judge(t, tool, src, filepath.Join(copied, name))
			if name == "src" { // last: analysistest downloads no modules
				analysistest.Run(t, src, unfinishedtx.Analyzer, "./...")
			}
		})
	}
}

// judge looks at one module of cases, and mends the copy of it.
func judge(t *testing.T, tool, src, dir string) {
	found := vet(t, tool, src)
	expected(t, src, found)
	mended, fixed := applyAll(t, found, src, dir)
	mendable := len(found) - unmendable(found)
	t.Logf("%d of %d findings have a fix (%.1f %%)", fixed, len(found), 100*float64(fixed)/float64(len(found)))
	if 10*fixed < 9*mendable {
		t.Errorf("too few fixes: %d of %d", fixed, mendable)
	}
	left := vet(t, tool, dir)
	if len(left) != len(found)-fixed {
		t.Errorf("%d reported after the fixes, %d had none\n%v", len(left), len(found)-fixed, left)
	}
	for _, f := range left {
		if len(f.Fixes) > 0 {
			t.Errorf("a second pass has something to do: %s", f.Message)
		}
	}
	after := stillLeaking(t, dir, mended)
	if filepath.Base(src) == "src" { // the servers of other modules answer in their own time
		unchanged(t, run(t, src), after)
	}
}

// vet has the go command analyse a module.
func vet(t *testing.T, tool, dir string) []report.Finding {
	res, err := govet.Run{Tool: tool, Dir: dir, Packages: []string{"./..."}}.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, trouble := range res.Trouble {
		t.Error(trouble)
	}
	return res.Findings
}

// expected compares findings with what the cases want.
func expected(t *testing.T, src string, found []report.Finding) {
	c, err := corpus.Load(src)
	if err != nil {
		t.Fatal(err)
	}
	place := func(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }
	messages := make(map[string][]string)
	for _, f := range found {
		rel, err := filepath.Rel(src, f.Pos.File)
		if err != nil {
			t.Fatal(err)
		}
		at := place(filepath.ToSlash(rel), f.Pos.Line)
		messages[at] = append(messages[at], f.Message)
	}
	for _, w := range c.Wants() {
		at := place(w.File, w.Line)
		i := slices.IndexFunc(messages[at], w.Pattern.MatchString)
		if i < 0 {
			t.Errorf("%s: not reported: %s", at, w.Pattern)
			continue
		}
		messages[at] = slices.Delete(messages[at], i, i+1)
	}
	for at, list := range messages {
		for _, m := range list {
			t.Errorf("%s: not expected: %s", at, m)
		}
	}
}

// run executes the cases below dir.
func run(t *testing.T, dir string) []corpus.Result {
	c, err := corpus.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	results, _, err := c.Run(t.Context(), t.TempDir(), "")
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
var deciding = map[string]bool{"crawshaw": true, "zombiezen": true}

// unmendable counts the findings in them.
func unmendable(found []report.Finding) (n int) {
	for _, f := range found {
		if deciding[path.Base(f.Package)] {
			n++
		}
	}
	return n
}

// applyAll applies the first fix of every finding to a copy of the corpus. It
// returns the functions all of whose findings have one.
func applyAll(t *testing.T, found []report.Finding, src, dir string) (mended map[string]bool, fixed int) {
	mended = make(map[string]bool)
	open := make(map[string]bool)
	edits := make(map[string][]report.Edit)
	for _, f := range found {
		name := path.Base(f.Package) + "." + function(f.Message)
		if len(f.Fixes) == 0 {
			t.Logf("no fix: %s:%d: %s", f.Pos.File, f.Pos.Line, f.Message)
			open[name] = true
			continue
		}
		mended[name] = true
		fixed++
		for _, e := range f.Fixes[0].Edits {
			edits[e.File] = append(edits[e.File], e)
		}
	}
	for name, list := range edits {
		rel, err := filepath.Rel(src, name)
		if err != nil {
			t.Fatal(err)
		}
		text := apply(t, name, list)
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
	return mended, fixed
}

// function returns the name at the end of a message: Cases.Name.
func function(message string) string {
	_, name, _ := strings.Cut(message, "(in ")
	return strings.TrimSuffix(name, ")")
}

// apply merges edits as drivers do: what is the same is done once.
func apply(t *testing.T, name string, list []report.Edit) []byte {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(list, func(a, b report.Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.New, b.New))
	})
	list = slices.Compact(list)
	var out []byte
	at := 0
	for _, e := range list {
		out = append(out, text[at:e.Start]...)
		out = append(out, e.New...)
		at = e.End
	}
	return append(out, text[at:]...)
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
