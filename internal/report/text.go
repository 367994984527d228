package report

import (
	"bufio"
	"fmt"
	"io"
	"reflect"
)

// text prints each finding on a line of its own, then its path and its fix on
// lines that begin with a tab, which problem matchers take as a continuation.
func text(w io.Writer, findings []Finding, s Settings) error {
	out := bufio.NewWriter(w)
	var last []Fix
	for _, f := range findings {
		fmt.Fprintf(out, "%s: %s\n", s.place(f.Pos), f.Message)
		for _, step := range f.Steps {
			fmt.Fprintf(out, "\t%s: %s\n", s.place(step.Pos), step.Message)
		}
		if len(f.Fixes) == 0 {
			continue
		}
		if reflect.DeepEqual(f.Fixes, last) {
			fmt.Fprintf(out, "\tfix: the same as above\n")
			continue
		}
		last = f.Fixes
		printFix(out, f.Fixes[0], s)
	}
	return out.Flush()
}

// concise prints findings and nothing else.
func concise(w io.Writer, findings []Finding, s Settings) error {
	out := bufio.NewWriter(w)
	for _, f := range findings {
		fmt.Fprintf(out, "%s: %s\n", s.place(f.Pos), f.Message)
	}
	return out.Flush()
}
