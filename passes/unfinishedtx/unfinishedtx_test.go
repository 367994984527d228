package unfinishedtx_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/txcheck/txcheck/passes/unfinishedtx"
)

// TestRule looks at reports, messages, directives and fixes, form by form.
func TestRule(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	results := analysistest.RunWithSuggestedFixes(t, dir, unfinishedtx.Analyzer, "./...")
	categories := make(map[string]int)
	for _, r := range results {
		for _, d := range r.Diagnostics {
			categories[d.Category]++
			if d.URL == "" && d.Category != "directive" {
				t.Errorf("no URL: %s", d.Message)
			}
		}
	}
	for category, want := range map[string]int{"context-bounded": 5, "directive": 3} {
		if categories[category] != want {
			t.Errorf("%d of category %s, want %d", categories[category], category, want)
		}
	}
}
