package unit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/token"
	"io"
	"os"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// print shows the findings as the go command expects them and returns the exit code.
func (f *flagSet) print(stdout, stderr io.Writer, id string, fset *token.FileSet, results []result, fail func(error)) (code int) {
	if f.json {
		if err := printJSON(stdout, id, fset, results); err != nil {
			fail(err)
		}
		return 0
	}
	for _, r := range results {
		if r.err != nil {
			fail(r.err)
		}
	}
	for _, r := range results {
		for _, d := range r.diagnostics {
			f.plain(stderr, fset, d)
			code = 1
		}
	}
	return code
}

// plain shows a finding as text.
func (f *flagSet) plain(w io.Writer, fset *token.FileSet, d analysis.Diagnostic) {
	line := func(pos, end token.Pos, text string) {
		start := fset.Position(pos)
		fmt.Fprintf(w, "%s: %s\n", start, text)
		if f.context >= 0 {
			printLines(w, start, fset.Position(cmp.Or(end, pos)).Line, f.context)
		}
	}
	line(d.Pos, d.End, d.Message)
	for _, r := range d.Related {
		line(r.Pos, r.End, "\t"+r.Message)
	}
}

// printLines shows the lines from start to end, and some around them.
func printLines(w io.Writer, start token.Position, end, around int) {
	text, _ := os.ReadFile(start.Filename)
	for i, line := range strings.Split(string(text), "\n") {
		if n := i + 1; start.Line-around <= n && n <= end+around {
			fmt.Fprintf(w, "%d\t%s\n", n, line)
		}
	}
}

// The JSON of go vet.
type (
	jsonEdit struct {
		Filename string `json:"filename"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
		New      string `json:"new"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonRelated struct {
		Posn    string `json:"posn"`
		End     string `json:"end"`
		Message string `json:"message"`
	}
	jsonDiagnostic struct {
		Category       string        `json:"category,omitempty"`
		Posn           string        `json:"posn"`
		End            string        `json:"end"`
		Message        string        `json:"message"`
		SuggestedFixes []jsonFix     `json:"suggested_fixes,omitempty"`
		Related        []jsonRelated `json:"related,omitempty"`
	}
	jsonError struct {
		Err string `json:"error"`
	}
)

// printJSON names the unit even if nothing was found in it, so that a reader can tell
// that from no answer.
func printJSON(w io.Writer, id string, fset *token.FileSet, results []result) error {
	rules := make(map[string]any)
	for _, r := range results {
		switch {
		case r.err != nil:
			rules[r.rule.Name] = jsonError{r.err.Error()}
		case len(r.diagnostics) > 0:
			var list []jsonDiagnostic
			for _, d := range r.diagnostics {
				list = append(list, diagnosticJSON(fset, d))
			}
			rules[r.rule.Name] = list
		}
	}
	data, err := json.MarshalIndent(map[string]map[string]any{id: rules}, "", "\t")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func diagnosticJSON(fset *token.FileSet, d analysis.Diagnostic) jsonDiagnostic {
	at := func(pos token.Pos) string { return fset.Position(pos).String() }
	out := jsonDiagnostic{Category: d.Category, Posn: at(d.Pos), End: at(cmp.Or(d.End, d.Pos)), Message: d.Message}
	for _, fix := range d.SuggestedFixes {
		var edits []jsonEdit
		for _, e := range fix.TextEdits {
			start := fset.Position(e.Pos)
			edits = append(edits, jsonEdit{start.Filename, start.Offset, fset.Position(e.End).Offset, string(e.NewText)})
		}
		out.SuggestedFixes = append(out.SuggestedFixes, jsonFix{fix.Message, edits})
	}
	for _, r := range d.Related {
		out.Related = append(out.Related, jsonRelated{at(r.Pos), at(cmp.Or(r.End, r.Pos)), r.Message})
	}
	return out
}
