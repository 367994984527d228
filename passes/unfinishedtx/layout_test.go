package unfinishedtx_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/txcheck/txcheck/passes/unfinishedtx"
)

// findings analyses packages below dir, with other texts in place of some files,
// and returns what is reported: file, line, message and edits. Turned, the files come
// in another order.
func findings(t *testing.T, dir string, overlay map[string][]byte, turned bool) []string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Dir: dir, Mode: packages.LoadAllSyntax, Overlay: overlay}, "./fixes", "./loop")
	if err != nil {
		t.Fatal(err)
	}
	if turned {
		for _, p := range pkgs {
			slices.Reverse(p.Syntax)
		}
		slices.Reverse(pkgs)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{unfinishedtx.Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			at := act.Package.Fset.Position(d.Pos)
			text := fmt.Sprintf("%s:%d: %s", filepath.Base(at.Filename), at.Line, d.Message)
			for _, fix := range d.SuggestedFixes {
				for _, e := range fix.TextEdits {
					text += fmt.Sprintf(" %d:%q", act.Package.Fset.Position(e.Pos).Line, e.NewText)
				}
			}
			all = append(all, text)
		}
	}
	return all
}

// TestOrder reports the same in the same order, whatever the order of files.
func TestOrder(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	once, turned := findings(t, dir, nil, false), findings(t, dir, nil, true)
	sorted := slices.Sorted(slices.Values(once))
	if again := slices.Sorted(slices.Values(turned)); !slices.Equal(sorted, again) {
		t.Errorf("two runs differ:\n%s\n\n%s", strings.Join(sorted, "\n"), strings.Join(again, "\n"))
	}
	testLayout(t, dir, once)
}

var (
	lineNumber = regexp.MustCompile(`\bline \d+`)
	fixText    = regexp.MustCompile(`\)( \d+:".*)?$`)
)

// testLayout reports the same exits when every statement begins after an empty
// line, a comment and another empty line.
func testLayout(t *testing.T, dir string, plain []string) {
	overlay := make(map[string][]byte)
	lines := make(map[string][]int) // by file: the old line of each new one
	for _, name := range []string{"fixes/fixes.go", "loop/loop.go"} {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		overlay[path], lines[filepath.Base(name)] = spread(t, text)
	}
	plain = slices.Clone(plain)
	spaced := findings(t, dir, overlay, false)
	for i, f := range spaced {
		file, rest, _ := strings.Cut(f, ":")
		var line int
		fmt.Sscan(rest[:strings.IndexByte(rest, ':')], &line)
		spaced[i] = fmt.Sprintf("%s:%d:%s", file, lines[file][line], rest[strings.IndexByte(rest, ':')+1:])
	}
	for _, list := range [][]string{plain, spaced} {
		for i, f := range list {
			list[i] = fixText.ReplaceAllString(lineNumber.ReplaceAllString(f, "line N"), ")")
		}
	}
	if !slices.Equal(plain, spaced) {
		t.Errorf("the layout matters:\n%s\n\n%s", strings.Join(plain, "\n"), strings.Join(spaced, "\n"))
	}
}

// spread puts lines before each statement of a list, and tells for each new line
// which one it was.
func spread(t *testing.T, text []byte) (spaced []byte, origin []int) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	starts := make(map[int]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		}
		for _, s := range list {
			starts[fset.Position(s.Pos()).Line] = true
		}
		return true
	})
	var out bytes.Buffer
	origin = []int{0}
	for i, line := range strings.Split(string(text), "\n") {
		if starts[i+1] {
			out.WriteString("\n// a comment\n\n")
			origin = append(origin, i+1, i+1, i+1)
		}
		out.WriteString(line + "\n")
		origin = append(origin, i+1)
	}
	return out.Bytes(), origin
}
