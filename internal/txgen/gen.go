package txgen

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// Generate makes the unit of a seed. Size is about the number of places at which
// its paths fork; features says what it may use.
func Generate(seed uint64, name string, size int, features Set) Unit {
	g := &gen{
		r:      rand.New(rand.NewPCG(seed, 0x7478636865636b)),
		set:    maps.Clone(features),
		used:   map[string]bool{},
		name:   name,
		budget: size/2 + 1,
	}
	g.budget += g.r.IntN(size)
	switch n := g.r.IntN(20); {
	case n < 9:
		g.slip = 0.5
	case n < 11:
		g.slip = 0.9
	}
	// A caller that panics, or ends the process, would excuse what a function that
	// it calls has forgotten: the execution cannot tell that from a hand-over.
	without := []string{"panic", "fatal"}
	if g.chance(30) {
		without = []string{"nested", "openbody", "helperbody", "kitbody"}
		if g.chance(50) { // nor does it tell what an end of the process has come before
			without = append(without, "loopbegin")
		} else {
			without = append(without, "fatal")
		}
	}
	for _, f := range without {
		g.set[f] = false
	}
	if g.set.Has("form") && g.r.IntN(100) < 35 {
		g.ofForm()
	} else {
		g.method()
	}
	u := Unit{Name: name, Seed: seed, Cases: strings.Join(append(g.helpers, g.out.String()), "\n"), Kit: strings.Join(g.kit, "\n")}
	if g.slip == 0 && g.r.IntN(3) < 2 {
		u.Cases = g.mutate(u.Cases)
	}
	u.Features = slices.Sorted(maps.Keys(g.used))
	return u
}

// A gen writes one unit.
type gen struct {
	r       *rand.Rand
	set     Set
	used    map[string]bool // features
	name    string          // of the method
	out     strings.Builder // the function that is being written
	helpers []string        // declarations for the package of the cases
	kit     []string        // and for the other one
	serial  int             // of names
	budget  int             // forks that are left
	slip    float64         // how often a finish is forgotten

	inHelper bool // this is the body of a helper
}

// p prints a line.
func (g *gen) p(format string, args ...any) {
	fmt.Fprintf(&g.out, format+"\n", args...)
}

// fresh returns a new name.
func (g *gen) fresh(prefix string) string {
	g.serial++
	return fmt.Sprintf("%s%d", prefix, g.serial)
}

// chance is true n times in 100.
func (g *gen) chance(n int) bool { return g.r.IntN(100) < n }

// slips tells whether the next finish is forgotten.
func (g *gen) slips() bool { return g.slip > 0 && g.r.Float64() < g.slip }

// pay takes forks from the budget.
func (g *gen) pay(n int) { g.budget -= n }

// An option is one way to go on.
type option struct {
	feature string // "" is always there
	weight  int
	do      func()
}

// choose takes one of the options whose feature is on.
func (g *gen) choose(options ...option) {
	sum := 0
	for _, o := range options {
		if g.set.Has(o.feature) {
			sum += o.weight
		}
	}
	n := g.r.IntN(sum)
	for _, o := range options {
		if !g.set.Has(o.feature) {
			continue
		}
		if n -= o.weight; n < 0 {
			g.use(o.feature)
			o.do()
			return
		}
	}
}

// pick is choose for texts.
func (g *gen) pick(feature string, texts ...string) string {
	if feature != "" {
		g.use(feature)
	}
	return texts[g.r.IntN(len(texts))]
}

// use notes that the unit uses a feature.
func (g *gen) use(feature string) {
	if feature != "" {
		g.used[feature] = true
	}
}

// try tells, n times in 100, to use a feature that is on.
func (g *gen) try(feature string, n int) bool {
	if !g.set.Has(feature) || !g.chance(n) {
		return false
	}
	g.use(feature)
	return true
}
