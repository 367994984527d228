package txgen

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// WriteDisagreements prints units with their disagreements, smallest first, each
// with what was executed.
func WriteDisagreements(w io.Writer, verdicts []Verdict) {
	verdicts = slices.Clone(verdicts)
	slices.SortStableFunc(verdicts, func(a, b Verdict) int { return len(a.Unit.Cases) - len(b.Unit.Cases) })
	for i := range verdicts {
		writeVerdict(w, &verdicts[i])
	}
}

func writeVerdict(w io.Writer, v *Verdict) {
	if len(v.Wrong) == 0 {
		return
	}
	first := v.Wrong[0]
	fmt.Fprintf(w, "## %s %s, seed %d (%s)\n\n", first.Kind, first.Exit, v.Unit.Seed, strings.Join(v.Unit.Features, " "))
	for _, name := range slices.Sorted(maps.Keys(v.text)) {
		fmt.Fprintf(w, "```go\n")
		n := 0
		for line := range strings.Lines(string(v.text[name])) {
			n++
			fmt.Fprintf(w, "%3d %s", n, line)
			for _, d := range v.Wrong {
				if d.File == name && d.Line == n {
					fmt.Fprintf(w, "%s<- %s: %s, begin on line %d\n", strings.Repeat(" ", 12), d.Kind, d.Exit, d.Begin)
				}
			}
		}
		fmt.Fprintf(w, "```\n\n")
	}
	for _, d := range v.Wrong {
		fmt.Fprintf(w, "- %s %s, line %d: %s\n", d.Kind, d.Exit, d.Line, d.Witness)
		for _, step := range d.Trace {
			fmt.Fprintf(w, "    - %s\n", step)
		}
	}
	for _, l := range v.Leaks {
		fmt.Fprintf(w, "- truth: %s\n", exits(l.Exits))
	}
	for _, r := range v.Reports {
		fmt.Fprintf(w, "- reported: line %d: %s\n", r.Line, r.Message)
	}
	fmt.Fprintln(w)
}
