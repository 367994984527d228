package unfinishedtx

import (
	"os"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// TestCorpus compares what is reported in the cases with what they expect.
func TestCorpus(t *testing.T) {
	pat := "./..."
	if p := os.Getenv("PAT"); p != "" {
		pat = p
	}
	for _, r := range analysistest.Run(t, "../../testdata/src", Analyzer, pat) {
		n, fixed := 0, 0
		for _, d := range r.Diagnostics {
			n++
			if len(d.SuggestedFixes) > 0 {
				fixed++
			} else if os.Getenv("V") != "" {
				t.Logf("%s: %s", r.Pass.Fset.Position(d.Pos), d.Message)
			}
		}
		t.Logf("%s: %d of %d", r.Pass.Pkg.Path(), fixed, n)
	}
}
