package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// github prints each finding as a workflow command, from which GitHub Actions makes
// an annotation of the line. The path and the fix are in its text. Trouble becomes an
// annotation of the run.
func github(w io.Writer, r Report) error {
	out := bufio.NewWriter(w)
	src := r.sources()
	for _, f := range r.Findings {
		level := "error"
		if r.soft(f) {
			level = "warning"
		}
		fmt.Fprintf(out, "::%s %s::%s\n", level, r.annotation(src, f), messageEscapes.Replace(r.annotationText(f)))
	}
	for _, t := range r.Trouble {
		fmt.Fprintf(out, "::error title=txcheck::%s\n", messageEscapes.Replace(t))
	}
	return out.Flush()
}

// annotation returns the parameters of the command.
func (r Report) annotation(src *sources, f Finding) string {
	file, _ := r.inTree(f.Pos.File)
	params := []string{"title=" + parameterEscapes.Replace("txcheck: "+f.Rule), "file=" + parameterEscapes.Replace(file)}
	if f.Pos.Line == 0 {
		return strings.Join(params, ",")
	}
	end := f.End
	if end.File != f.Pos.File || comparePositions(end, f.Pos) < 0 {
		end = f.Pos
	}
	params = append(params, fmt.Sprintf("line=%d,endLine=%d", f.Pos.Line, end.Line))
	if end.Line == f.Pos.Line {
		// Columns are refused for a range of several lines.
		text := src.file(f.Pos.File)
		params = append(params, fmt.Sprintf("col=%d,endColumn=%d",
			text.utf16Column(f.Pos.Line, f.Pos.Column), text.utf16Column(end.Line, end.Column)))
	}
	return strings.Join(params, ",")
}

// annotationText returns what the annotation says.
func (r Report) annotationText(f Finding) string {
	lines := []string{oneLine(f.Message)}
	for i, s := range f.Steps {
		file, _ := r.inTree(s.Pos.File)
		lines = append(lines, fmt.Sprintf("%d. %s:%d: %s", i+1, file, s.Pos.Line, oneLine(s.Message)))
	}
	if len(f.Fixes) > 0 {
		lines = append(lines, "fix: "+oneLine(f.Fixes[0].Message))
	}
	return strings.Join(lines, "\n")
}

// What the runner decodes in the text of a command, and in its parameters.
var (
	messageEscapes   = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	parameterEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
