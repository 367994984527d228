package property_test

import (
	"slices"
	"testing"

	"github.com/txcheck/txcheck/internal/property"
)

// A run that goes on from a trace makes the visits that one from the start makes there, in
// the same order, and costs the same.
func TestResume(t *testing.T) {
	const last = 7
	// Even nodes skip one at times, and so come there before others do.
	step := func(v visit) (next []visit) {
		for _, n := range chain(last)(v) {
			if v.Node%2 == 0 && v.Node+2 < last && n.State.known[v.Node] == '1' {
				n.Node++
			}
			next = append(next, n)
		}
		return next
	}
	for _, bound := range []int{64, 2} {
		limits := apart(bound)
		for from := 1; from < last; from++ {
			start := visit{Node: 0, State: toy{"open", "???????"}}
			var all []string
			whole := 0
			property.Run([]visit{start}, func(v visit) []visit {
				if whole++; v.Node >= from {
					all = append(all, v.State.Key())
				}
				if v.Node == from-1 { // what leads past the node is aside
					return slices.DeleteFunc(step(v), func(n visit) bool { return n.Node != from })
				}
				return step(v)
			}, never, limits)
			cost := 0
			trace := property.Record(start, func(v visit) []visit { cost++; return step(v) }, never, limits,
				func(v visit) (toy, bool) { return v.State, v.Node == from }, func() int { return cost })
			var resumed []string
			part, aside := 0, 0
			trace.Resume(func(n int) property.Part {
				switch {
				case n < from:
					return property.Along
				case n == from:
					return property.Own
				}
				return property.Aside
			}, func(cost int) { part += cost }, func() { aside++ }, func(v visit) []visit {
				part++
				resumed = append(resumed, v.State.Key())
				return step(v)
			}, never, limits)
			if !slices.Equal(resumed, all) || part != whole {
				t.Errorf("bound %d, from %d: %d visits %v, want %d %v", bound, from, part, resumed, whole, all)
			}
			if skips := from%2 == 1; (aside > 0) != (skips && from+1 < last) {
				t.Errorf("from %d: %d visits aside", from, aside)
			}
		}
	}
}
