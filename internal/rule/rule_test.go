package rule

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

const source = `// Package x reports y.
//
// # What it does
//
// It looks for y:
//
//	y()
//
// and says so.
package x
`

func TestDoc(t *testing.T) {
	const want = "x reports y.\n\n# What it does\n\nIt looks for y:\n\n\ty()\n\nand says so.\n"
	if got := Doc("x", source); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestPage(t *testing.T) {
	got := Page("x", source)
	if !strings.HasPrefix(got, "# x\n\n") ||
		!strings.HasSuffix(got, "x reports y.\n\n## What it does\n\nIt looks for y:\n\n```go\ny()\n```\n\nand says so.\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestNew(t *testing.T) {
	flow := &analysis.Analyzer{Name: "flow", Doc: "flow", Run: func(*analysis.Pass) (any, error) { return nil, nil }}
	ran := false
	a := New("x", source, flow, func(*analysis.Pass) { ran = true })
	if err := analysis.Validate([]*analysis.Analyzer{a}); err != nil {
		t.Error(err)
	}
	if _, err := a.Run(nil); err != nil || !ran {
		t.Errorf("ran: %v, error: %v", ran, err)
	}
	if !strings.HasSuffix(a.URL, "/docs/x.md") {
		t.Errorf("URL is %s", a.URL)
	}
}

// A doc.go that cannot be read makes an analyzer that no driver accepts.
func TestNoProse(t *testing.T) {
	a := New("x", "not Go", nil, nil)
	if err := analysis.Validate([]*analysis.Analyzer{a}); err == nil {
		t.Error("an analyzer without a text is taken for valid")
	}
}
