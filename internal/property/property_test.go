package property_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/property"
)

// A toy has a property and knows the value of some switches ('0', '1', or '?').
type toy struct{ prop, known string }

func (s toy) Key() string      { return s.prop + "/" + s.known }
func (s toy) Property() string { return s.prop }

func (s toy) Join(o toy) toy {
	var b strings.Builder
	for i := range s.known {
		if s.known[i] == o.known[i] {
			b.WriteByte(s.known[i])
		} else {
			b.WriteByte('?')
		}
	}
	return toy{s.prop, b.String()}
}

type visit = property.Visit[int, toy]

func never() bool { return false }

func apart(n int) property.Bound { return func() int { return n } }

// chain branches at each of n nodes on a switch of its own; the last node is the exit.
func chain(n int) func(visit) []visit {
	return func(v visit) []visit {
		if v.Node == n {
			return nil
		}
		var next []visit
		for _, bit := range "01" {
			known := v.State.known[:v.Node] + string(bit) + v.State.known[v.Node+1:]
			next = append(next, visit{Node: v.Node + 1, State: toy{v.State.prop, known}})
		}
		return next
	}
}

func TestKeepsStatesApartUpToTheBound(t *testing.T) {
	for _, test := range []struct {
		bound, atExit int
		joined        bool
	}{
		{bound: 8, atExit: 8, joined: false},
		{bound: 2, atExit: 3, joined: true},
	} {
		t.Run(fmt.Sprint(test.bound), func(t *testing.T) {
			seen := map[string]bool{}
			step := func(v visit) []visit {
				if v.Node == 3 {
					seen[v.State.Key()] = true
				}
				return chain(3)(v)
			}
			joined := property.Run([]visit{{Node: 0, State: toy{"open", "???"}}}, step, never, apart(test.bound))
			if joined != test.joined {
				t.Errorf("joined = %v, want %v", joined, test.joined)
			}
			if len(seen) < test.atExit {
				t.Errorf("%d states at the exit, want at least %d: %v", len(seen), test.atExit, seen)
			}
		})
	}
}

func TestNeverJoinsDifferentProperties(t *testing.T) {
	var exits []string
	step := func(v visit) []visit {
		switch v.Node {
		case 0:
			return []visit{{Node: 1, State: toy{"open", "0"}}, {Node: 1, State: toy{"finished", "1"}}}
		case 1:
			exits = append(exits, v.State.Key())
		}
		return nil
	}
	property.Run([]visit{{Node: 0, State: toy{"unborn", "?"}}}, step, never, apart(1))
	if got := strings.Join(exits, " "); got != "open/0 finished/1" {
		t.Errorf("exits = %s", got)
	}
}

// A loop that learns something new on every turn ends because joins lose it again.
func TestLoopSettles(t *testing.T) {
	steps := 0
	step := func(v visit) []visit {
		steps++
		return chain(20)(visit{Node: v.Node % 20, State: v.State})
	}
	property.Run([]visit{{Node: 0, State: toy{"open", strings.Repeat("?", 20)}}}, step, never, apart(4))
	if steps > 20*2*(4+21) {
		t.Errorf("%d steps for 20 nodes", steps)
	}
}

func TestStop(t *testing.T) {
	steps := 0
	step := func(v visit) []visit { steps++; return []visit{{Node: v.Node + 1, State: v.State}} }
	property.Run([]visit{{Node: 0, State: toy{"open", ""}}}, step, func() bool { return steps >= 5 }, apart(1))
	if steps != 5 {
		t.Errorf("%d steps, want 5", steps)
	}
}

// The work on n branches whose outcomes never matter again must grow with n, not with 2^n.
func BenchmarkChain(b *testing.B) {
	for _, n := range []int{100, 200, 400} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				step := func(v visit) []visit {
					if v.Node == n {
						return nil
					}
					return []visit{{Node: v.Node + 1, State: v.State}, {Node: v.Node + 1, State: v.State}}
				}
				property.Run([]visit{{Node: 0, State: toy{"open", ""}}}, step, never, apart(8))
			}
		})
	}
}

// A fork is a state that took ways at branches which nobody can decide.
type fork struct{ ways string }

func (s fork) Key() string      { return s.ways }
func (s fork) Property() string { return fmt.Sprint(s.ways != "") }
func (s fork) Join(fork) fork   { return s }

func (s fork) Halve() (other, whole fork, ok bool) {
	n := len(s.ways)
	if n == 0 {
		return s, s, false
	}
	flipped := map[byte]string{'y': "n", 'n': "y"}[s.ways[n-1]]
	return fork{s.ways[:n-1] + flipped}, fork{s.ways[:n-1]}, true
}

// Two halves that meet make a whole one; a half by itself stays one.
func TestHalvesMeet(t *testing.T) {
	for _, test := range []struct {
		start []string
		want  string
	}{
		{[]string{"y"}, "y"},
		{[]string{"y", "n"}, "y|"},
		{[]string{"yy", "yn", "n"}, "yy|y|"},
		{[]string{"", "y"}, ""},
	} {
		var arrived []string
		var start []property.Visit[int, fork]
		for _, ways := range test.start {
			start = append(start, property.Visit[int, fork]{Node: 0, State: fork{ways}})
		}
		property.Run(start, func(v property.Visit[int, fork]) []property.Visit[int, fork] {
			arrived = append(arrived, v.State.ways)
			return nil
		}, never, apart(8))
		if got := strings.Join(arrived, "|"); got != test.want {
			t.Errorf("%q: %q, want %q", test.start, got, test.want)
		}
	}
}
