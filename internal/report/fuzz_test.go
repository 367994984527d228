package report

import (
	"strings"
	"testing"
	"unicode"
)

// Whatever a source holds by the time it is shown, and wherever a finding points,
// every format prints, and what is for people holds no control characters.
func FuzzFormats(f *testing.F) {
	f.Add("package p\n\nfunc f() {\n\ta(\"表\")\t\n}\n", "leaks: here", 4, 2, 4, 9, 20, 25, "\n\tb()", 40)
	f.Add("a\r\n\x1b[2J\u202e\xff", "\x1b", 2, 1, 1, 9, 0, 9, "", 1)
	f.Add("", "", 0, 0, -1, 3, 5, 2, "x", 0)
	f.Fuzz(func(t *testing.T, code, message string, line, column, endLine, endColumn, start, end int, added string, width int) {
		at := Position{"/p.go", line, column}
		to := Position{"/p.go", endLine, endColumn}
		r := Report{
			Findings: []Finding{
				{Rule: "r", Message: message, Pos: at, End: to, Steps: []Step{{to, at, message}, {at, to, "x"}},
					Fixes: []Fix{{message, []Edit{{"/p.go", start, end, added}, {"/p.go", end, start, added}}}}},
				{Rule: "r", Message: message, Pos: to, End: at, Steps: []Step{{to, at, message}},
					Fixes: []Fix{{message, []Edit{{"/p.go", start, start, added}, {"/p.go", end, end, added}}}}},
			},
			Base: "/", Root: "/", Style: Style{Width: max(width, 0)},
			ReadFile: func(string) ([]byte, error) { return []byte(code), nil },
		}
		for _, format := range Formats() {
			got := render(t, format, r)
			if format.Name == "json" || format.Name == "sarif" {
				continue
			}
			if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }); i >= 0 {
				t.Errorf("%s prints %q", format.Name, got[i:])
			}
		}
	})
}
