package corpus

import (
	"fmt"
	"slices"
	"strings"
)

// Compare returns the disagreements between what the cases did and what their
// comments expect:
//
//   - each leak is expected at one of its exits;
//   - each want is needed: some leak is expected nowhere else;
//   - a line has as many wants as transactions begun on different lines leak there;
//   - each return was executed, so that its silence means something, unless it is
//     marked as not reached.
//
// Files that returns lacks were not run as a whole: a want or a return there may be
// one of a case that was left out.
func (c *Corpus) Compare(results []Result, returns map[string][]int) []string {
	var wrong []string
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	type place struct {
		file string
		line int
	}
	wants := map[place][]Want{}
	for _, p := range c.Packages {
		for _, f := range p.Files {
			for _, w := range f.Wants {
				if w.Gap == Invents {
					continue
				}
				wants[place{f.Name, w.Line}] = append(wants[place{f.Name, w.Line}], w)
			}
		}
	}
	executed := map[place]bool{}
	maybe := map[place]map[string]bool{} // begins that leak there, or are said to elsewhere
	only := map[place]map[string]bool{}  // begins that leak there and are expected nowhere else
	note := func(m map[place]map[string]bool, at place, e Exit) {
		if m[at] == nil {
			m[at] = map[string]bool{}
		}
		m[at][fmt.Sprintf("%s:%d", e.Func, e.Begin)] = true
	}
	for _, res := range results {
		name := res.Package + "." + res.Case
		for _, e := range res.Errors {
			complain("%s: %s", name, e)
		}
		if res.Capped {
			complain("%s: too many paths; make the case smaller", name)
		}
		for _, m := range res.Marks {
			executed[place{m.File, m.Line}] = true
		}
		for _, leak := range res.Leaks {
			var at []Exit
			for _, e := range leak.Exits {
				here := place{e.File, e.Line}
				if slices.ContainsFunc(wants[here], func(w Want) bool { return w.Kind() == e.Kind }) {
					note(maybe, here, e)
					at = append(at, e)
				}
			}
			switch len(at) {
			case 0:
				complain("%s: leak without a want\n\texits:   %s\n\tchoices: %s\n\t%s",
					name, exits(leak.Exits), leak.Choices, strings.Join(leak.Trace, "\n\t"))
			case 1:
				note(only, place{at[0].File, at[0].Line}, at[0])
			}
		}
	}
	for at, here := range wants {
		if _, ran := returns[at.file]; !ran {
			continue
		}
		switch n := len(here); {
		case len(only[at]) == 0:
			complain("%s:%d: want that no leak needs: %s", at.file, at.line, here[0].Pattern)
		case n < len(only[at]) || n > len(maybe[at]):
			complain("%s:%d: %d wants, but transactions of %v leak here", at.file, at.line, n, keys(maybe[at]))
		}
	}
	for _, p := range c.Packages {
		for _, f := range p.Files {
			for _, line := range returns[f.Name] {
				switch hit := executed[place{f.Name, line}]; {
				case !hit && !f.Never[line]:
					complain("%s:%d: no path executes this return", f.Name, line)
				case hit && f.Never[line]:
					complain("%s:%d: this return is reached", f.Name, line)
				}
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

func exits(all []Exit) string {
	var words []string
	for _, e := range all {
		words = append(words, fmt.Sprintf("%s %s:%d", e.Kind, e.File, e.Line))
	}
	return strings.Join(words, ", ")
}

func keys(m map[string]bool) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
