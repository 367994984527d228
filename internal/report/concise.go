package report

import (
	"bufio"
	"fmt"
	"io"
)

// concise prints findings and nothing else.
func concise(w io.Writer, r Report) error {
	out := bufio.NewWriter(w)
	for _, f := range r.Findings {
		fmt.Fprintf(out, "%s: %s\n", r.place(f.Pos), oneLine(f.Message))
	}
	return out.Flush()
}
