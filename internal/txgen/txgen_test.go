package txgen

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// agreed are the features that the tests use. Transactions that are gathered in a
// container meet a known limit (L4) and are left to long runs.
const agreed = "all,-container"

// generate makes n units from a seed on.
func generate(t testing.TB, seed uint64, n, size int) []Unit {
	t.Helper()
	set, err := Parse(agreed)
	if err != nil {
		t.Fatal(err)
	}
	var units []Unit
	for i := range uint64(n) {
		units = append(units, Generate(seed+i, fmt.Sprintf("F%d", seed+i), size, set))
	}
	return units
}

// lab is one for all tests: to set one up takes seconds.
var lab = sync.OnceValues(func() (*Lab, error) {
	dir, err := os.MkdirTemp("", "txgen")
	if err != nil {
		return nil, err
	}
	labDir = dir
	return NewLab(dir)
})

var labDir string

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(labDir)
	os.Exit(code)
}

// judged runs the units and complains of each disagreement.
func judged(t testing.TB, units []Unit) []Verdict {
	t.Helper()
	return judgedWithin(t.Context(), t, units)
}

// judgedWithin is judged, skipped where the context ends first.
func judgedWithin(ctx context.Context, t testing.TB, units []Unit) []Verdict {
	t.Helper()
	l, err := lab()
	if err != nil {
		t.Fatal(err)
	}
	verdicts, err := l.Judge(ctx, units)
	if err != nil && ctx.Err() != nil {
		t.Skip("the machine is busy")
	}
	if err != nil {
		t.Fatal(err)
	}
	if stats := Sum(verdicts); stats.Wrong > 0 {
		var text strings.Builder
		WriteDisagreements(&text, verdicts)
		t.Errorf("%d disagreements\n%s", stats.Wrong, text.String())
	}
	return verdicts
}

// fixedShare is how many findings of a hundred have a fix, at the least.
const fixedShare = 95

// TestAgreement judges a fixed set of functions, and those that their fixes make of
// them.
func TestAgreement(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs generated packages")
	}
	verdicts := judged(t, generate(t, 1000, 2000, 3))
	var text strings.Builder
	stats := Sum(verdicts)
	stats.Write(&text)
	if stats.Judged < stats.Units/2 {
		t.Errorf("%d of %d functions were judged; at least half should be", stats.Judged, stats.Units)
	}
	if 4*stats.Leaking < stats.Judged {
		t.Errorf("%d of %d functions leak; at least a quarter should", stats.Leaking, stats.Judged)
	}
	l, err := lab()
	if err != nil {
		t.Fatal(err)
	}
	proof, err := l.Prove(context.Background(), verdicts)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range proof.Failures {
		t.Error(f)
	}
	if 100*proof.Fixed < fixedShare*proof.Findings {
		t.Errorf("%d of %d findings have a fix, less than %d %%", proof.Fixed, proof.Findings, fixedShare)
	}
	proof.Lacking, proof.Failures = nil, nil
	proof.Write(&text)
	t.Log("\n" + text.String())
}

// fuzzTime is less than the ten seconds after which go test takes an input for one that
// hangs: building a package takes as long on a busy machine.
const fuzzTime = 8 * time.Second

// FuzzGenerated judges a package of functions for each seed.
func FuzzGenerated(f *testing.F) {
	f.Add(uint64(1_000_000))
	if !testing.Short() {
		if _, err := lab(); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		if testing.Short() {
			t.Skip("builds and runs generated packages")
		}
		ctx, cancel := context.WithTimeout(t.Context(), fuzzTime)
		defer cancel()
		judgedWithin(ctx, t, generate(t, seed, 20, 4))
	})
}

// TestGenerate makes the same function of the same seed.
func TestGenerate(t *testing.T) {
	a, b := generate(t, 7, 50, 6), generate(t, 7, 50, 6)
	for i := range a {
		if a[i].Cases != b[i].Cases {
			t.Errorf("seed %d has two functions:\n%s\n%s", a[i].Seed, a[i].Cases, b[i].Cases)
		}
	}
}
