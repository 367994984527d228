package govet

import (
	"slices"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/report"
)

const twoPackages = `{}
{
	"example.com/b": {
		"rule": [
			{
				"category": "leak",
				"posn": "/src/b.go:7:2",
				"end": "/src/b.go:7:14",
				"message": "second",
				"suggested_fixes": [
					{"message": "mend", "edits": [{"filename": "/src/b.go", "start": 3, "end": 4, "new": "x"}]}
				],
				"related": [{"posn": "/src/b.go:5:2", "end": "/src/b.go:5:9", "message": "begins here"}]
			}
		]
	}
}
{
	"example.com/a": {
		"other": {
			"error": "out of luck"
		},
		"rule": [
			{"posn": "/src/a.go:1:1", "end": "/src/a.go:1:1", "message": "first"},
			{"posn": "/src/a.go:9:1", "end": "/src/a.go:9:1", "category": "internal", "message": "lost my way"}
		]
	}
}
`

func TestDecode(t *testing.T) {
	var res Result
	if text := res.decode([]byte(twoPackages)); text != "" {
		t.Errorf("text between objects: %q", text)
	}
	findings := report.Sort(res.Findings)
	if len(findings) != 2 || findings[0].Message != "first" || findings[1].Message != "second" {
		t.Fatalf("findings: %+v", findings)
	}
	f := findings[1]
	if f.Category != "leak" || f.Rule != "rule" || f.Package != "example.com/b" ||
		f.Pos != (report.Position{File: "/src/b.go", Line: 7, Column: 2}) ||
		len(f.Steps) != 1 || f.Steps[0].Message != "begins here" ||
		len(f.Fixes) != 1 || f.Fixes[0].Edits[0] != (report.Edit{File: "/src/b.go", Start: 3, End: 4, New: "x"}) {
		t.Errorf("finding: %+v", f)
	}
	if !slices.Equal(res.Trouble, []string{"example.com/a: other: out of luck", "/src/a.go:9:1: lost my way"}) {
		t.Errorf("trouble: %q", res.Trouble)
	}
}

// Go 1.25 mixes headings with the objects.
func TestDecodeKeepsTextBetweenObjects(t *testing.T) {
	var res Result
	mixed := "# example.com/b\n" + strings.TrimPrefix(twoPackages, "{}\n") + "b.go:1:1: no such thing\n"
	if text := res.decode([]byte(mixed)); text != "# example.com/b\nb.go:1:1: no such thing\n" {
		t.Errorf("text between objects: %q", text)
	}
	if len(res.Findings) != 2 {
		t.Errorf("findings: %+v", res.Findings)
	}
}

func TestDecodeBroken(t *testing.T) {
	for name, stream := range map[string]string{
		"cut off":         "{\n\t\"a\": {\n",
		"no JSON":         "{\n\t\"a\": [}\n}\n",
		"other structure": "{\n\t\"a\": {\"rule\": 3}\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			var res Result
			res.decode([]byte(stream))
			if len(res.Trouble) != 1 || len(res.Findings) != 0 {
				t.Errorf("trouble %q, findings %v; want one trouble", res.Trouble, res.Findings)
			}
		})
	}
}

func TestPosition(t *testing.T) {
	for s, want := range map[string]report.Position{
		"/a.go:3:4":   {File: "/a.go", Line: 3, Column: 4},
		`C:\a.go:3:4`: {File: `C:\a.go`, Line: 3, Column: 4},
		"/a.go:3":     {File: "/a.go", Line: 3, Column: 1},
		"-":           {File: "-"},
		"":            {},
	} {
		if got := position(s); got != want {
			t.Errorf("position(%q) = %+v, want %+v", s, got, want)
		}
	}
}

func TestNotes(t *testing.T) {
	const text = "go: downloading example.com/a v1.0.0\n# example.com/b\nbound hit in f\n"
	if got := notes(text); got != "bound hit in f\n" {
		t.Errorf("got %q", got)
	}
}

func TestNoGoCommand(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Run{Tool: "tool", Packages: []string{"./..."}}.Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "cannot run the go command") {
		t.Errorf("got error %v", err)
	}
}
