package txflow

import (
	"cmp"
	"go/constant"
	"slices"
	"strconv"
	"strings"
)

// reduceCases merges cases that differ in nothing, or in a single condition whose two
// outcomes come to the same, and beyond the bound those that come to the same.
func reduceCases(cases []Case) []Case {
	cases = mergeCases(cases)
	if len(cases) > maxCases {
		cases = withoutConstants(cases)
	}
	if len(cases) > maxCases {
		cases = withoutEffects(cases)
	}
	for _, drop := range []func(*Case){
		func(c *Case) { c.When = slices.DeleteFunc(c.When, Cond.isConst) },
		func(c *Case) { c.When = nil },
		func(c *Case) { c.When, c.Then = nil, nil },
	} {
		if len(cases) > maxCases {
			cases = weaken(cases, drop)
		}
	}
	return cases
}

// withoutConstants no longer tells which numbers and texts results are.
func withoutConstants(cases []Case) []Case {
	for i := range cases {
		cases[i].Then = slices.DeleteFunc(cases[i].Then, func(c Cond) bool { return c.At.Result && c.isConst() })
	}
	return mergeCases(cases)
}

// withoutEffects no longer tells what is stored in the memory of arguments.
func withoutEffects(cases []Case) []Case {
	for i := range cases {
		cases[i].Then = slices.DeleteFunc(cases[i].Then, func(c Cond) bool { return !c.At.Result })
	}
	return mergeCases(cases)
}

// weaken drops conditions. Where the cases then no longer tell what becomes of the
// transaction, nobody can know.
func weaken(cases []Case, drop func(*Case)) []Case {
	told := slices.ContainsFunc(cases, func(c Case) bool { return c.Tx != cases[0].Tx || len(c.Holds) > 0 })
	for i := range cases {
		before := len(cases[i].When) + len(cases[i].Then)
		drop(&cases[i])
		if told && len(cases[i].When)+len(cases[i].Then) < before && cases[i].Tx == open && len(cases[i].Holds) == 0 {
			cases[i].Tx = unknown
		}
	}
	return mergeCases(cases)
}

func mergeCases(cases []Case) []Case {
	for merged := true; merged; {
		merged = false
		var out []Case
		for _, c := range cases {
			i := slices.IndexFunc(out, func(d Case) bool { return mergeable(c, d) })
			if i < 0 {
				out = append(out, c)
				continue
			}
			out[i].When = joinConds(out[i].When, c.When)
			merged = true
		}
		cases = out
	}
	return cases
}

// mergeable reports whether two cases come to the same, and their conditions can be
// said as one.
func mergeable(c, d Case) bool {
	if c.Tx != d.Tx || !slices.Equal(c.Then, d.Then) || !slices.Equal(c.Holds, d.Holds) || !slices.Equal(c.Untold, d.Untold) {
		return false
	}
	x, y := without(c.When, d.When), without(d.When, c.When)
	if len(x) == 0 || len(y) == 0 {
		return true // one implies the other
	}
	if len(x) == 1 && x[0].Is == condConst {
		return x[0].differsOnly(y)
	}
	if len(y) == 1 && y[0].Is == condConst {
		return y[0].differsOnly(x)
	}
	return len(x) == 1 && len(y) == 1 && x[0].At == y[0].At && (!x[0].isConst() || x[0].adjoins(y[0]) || y[0].adjoins(x[0]))
}

// joinConds returns the conditions of either of two cases that are mergeable.
func joinConds(x, y []Cond) []Cond {
	both := commonConds(x, y)
	for _, way := range [][2][]Cond{{x, y}, {y, x}} {
		is, others := without(way[0], way[1]), without(way[1], way[0])
		if len(is) == 1 && is[0].Is == condConst && len(others) > 0 {
			but := is[0]
			but.Is = condOther
			both = append(both, slices.DeleteFunc(others, func(c Cond) bool { return c == but })...)
			slices.SortFunc(both, compareConds)
			break
		}
	}
	return both
}

func compareConds(x, y Cond) int { return cmp.Compare(x.String(), y.String()) }

// isConst reports whether a condition is about a number or a text.
func (c Cond) isConst() bool { return condConst <= c.Is && c.Is <= condAtMost }

// isBound reports whether a condition bounds a number.
func (c Cond) isBound() bool { return c.Is == condAtLeast || c.Is == condAtMost }

// adjoins reports whether one of two bounds of the same number always holds.
func (c Cond) adjoins(d Cond) bool {
	if c.Is != condAtMost || d.Is != condAtLeast {
		return false
	}
	hi, err := strconv.ParseInt(c.Const, 10, 64)
	return err == nil && d.Const == strconv.FormatInt(hi+1, 10)
}

// differsOnly reports whether conditions only tell, of the value that c tells to be a
// constant, which others it is not.
func (c Cond) differsOnly(others []Cond) bool {
	return !slices.ContainsFunc(others, func(o Cond) bool { return o.At != c.At || o.Is != condOther })
}

// Bounds of what is told of numbers and texts: how many a value is not, and how long
// they are.
const (
	maxUnlike = 4
	maxConst  = 64
)

// constConds tells which number or text the value at a spot is, or is not, and what
// bounds it.
func constConds(at Spot, f fact) (conds []Cond) {
	if f.eq != nil {
		if text := f.eq.ExactString(); isConstText(text) {
			conds = append(conds, Cond{At: at, Is: condConst, Const: text})
		}
		return conds
	}
	if f.hasLo && !(f.lo == 0 && strings.HasSuffix(at.Path, lengthStep)) {
		conds = append(conds, Cond{At: at, Is: condAtLeast, Const: strconv.FormatInt(f.lo, 10)})
	}
	if f.hasHi {
		conds = append(conds, Cond{At: at, Is: condAtMost, Const: strconv.FormatInt(f.hi, 10)})
	}
	for _, text := range f.ne {
		if len(f.ne) <= maxUnlike && isConstText(text) {
			conds = append(conds, Cond{At: at, Is: condOther, Const: text})
		}
	}
	return conds
}

// isConstText reports whether a constant can be read again as it is written.
func isConstText(text string) bool {
	_, ok := constOf(text)
	return ok && len(text) <= maxConst
}

// constOf reads a number or a text.
func constOf(text string) (value, bool) {
	if s, err := strconv.Unquote(text); err == nil {
		return constVal{constant.MakeString(s)}, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return constVal{constant.MakeInt64(n)}, err == nil
}

func commonConds(x, y []Cond) (both []Cond) {
	for _, c := range x {
		if slices.Contains(y, c) {
			both = append(both, c)
		}
	}
	return both
}

// without returns the conditions of x that y lacks.
func without(x, y []Cond) (rest []Cond) {
	for _, c := range x {
		if !slices.Contains(y, c) {
			rest = append(rest, c)
		}
	}
	return rest
}
