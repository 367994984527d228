package txgen

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestForms judges a few variants of each form: most compile, some leak and some do
// not.
func TestForms(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs generated packages")
	}
	const variants = 8
	var units []Unit
	for i, f := range forms {
		for v := range variants {
			g := &gen{r: rand.New(rand.NewPCG(uint64(i), uint64(v))), set: All(), used: map[string]bool{}, name: fmt.Sprintf("V%d_%d", i, v)}
			g.write(f)
			units = append(units, Unit{Name: g.name, Cases: g.out.String()})
		}
	}
	l, err := lab()
	if err != nil {
		t.Fatal(err)
	}
	verdicts, err := l.Judge(context.Background(), units)
	if err != nil {
		t.Fatal(err)
	}
	leaking := 0
	for i, f := range forms {
		of := verdicts[i*variants : (i+1)*variants]
		if !slices.ContainsFunc(of, func(v Verdict) bool { return v.Rejected == "" }) {
			t.Errorf("%s: no variant counts: %s\n%s", f.name, of[0].Rejected, of[0].Unit.Cases)
		}
		if slices.ContainsFunc(of, func(v Verdict) bool { return v.leaks() }) {
			leaking++
		}
	}
	if 3*leaking < 2*len(forms) {
		t.Errorf("of %d forms %d leak in any variant; at least two thirds should", len(forms), leaking)
	}
}
