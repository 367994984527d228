package report

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// stored returns a report of a stored list of findings. The source that they are
// about is in testdata/src.
func stored(t *testing.T) Report {
	t.Helper()
	r := Report{
		Rules: []Rule{{
			Name: "unfinishedtx", Summary: "unfinishedtx reports database transactions that a function leaves open.",
			Help: "# What it does\n\nIt follows every transaction.\n", URL: "https://example.com/unfinishedtx.md",
			Soft: []string{"directive"},
		}},
		Version: "v1.2.3", Base: "/src", Root: "/src",
		ReadFile: func(name string) ([]byte, error) {
			return os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
		},
	}
	data, err := os.ReadFile("testdata/findings.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &r.Findings); err != nil {
		t.Fatal(err)
	}
	r.Findings = Sort(r.Findings)
	return r
}

// render returns what a format makes of a report.
func render(t *testing.T, f Format, r Report) string {
	t.Helper()
	var out strings.Builder
	if err := f.Print(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// golden compares a text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(lines) || line != lines[i] {
			t.Fatalf("differs from %s in line %d:\n%s\nLook at what go test -update changes.", file, i+1, line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s goes on where the output ends", file)
	}
}

func TestFormats(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			r := stored(t)
			golden(t, f.Name, render(t, f, r))
			r.Trouble = []string{"# example.com/broken\nbroken.go:4:9: undefined: nothing"}
			r.Findings = nil
			golden(t, f.Name+".trouble", render(t, f, r))
		})
	}
}

// On a terminal the text has colours and links, and keeps to its width.
func TestTextOnTerminal(t *testing.T) {
	r := stored(t)
	r.Style = Style{Colors: true, Links: true, Host: "here", Width: 50}
	golden(t, "text.terminal", render(t, Formats()[0], r))
}

func TestNamedRefusesUnknown(t *testing.T) {
	if _, err := Named("tect"); err == nil || !strings.Contains(err.Error(), "text, concise") {
		t.Errorf("got error %v, want one that lists the formats", err)
	}
}

// A source that changed or vanished after the analysis costs the excerpt only.
func TestWithoutSource(t *testing.T) {
	for name, read := range map[string]func(string) ([]byte, error){
		"vanished": func(string) ([]byte, error) { return nil, os.ErrNotExist },
		"shrunk":   func(string) ([]byte, error) { return []byte("package shop\n"), nil },
		"folded":   func(string) ([]byte, error) { return []byte(strings.Repeat("\n", 90)), nil },
	} {
		for _, f := range Formats() {
			r := stored(t)
			r.ReadFile = read
			got := render(t, f, r)
			if !strings.Contains(got, "next iteration leaves transaction tx open") {
				t.Errorf("%s, %s: the finding is lost:\n%s", name, f.Name, got)
			}
		}
	}
	r := stored(t)
	r.ReadFile = func(string) ([]byte, error) { return nil, os.ErrNotExist }
	golden(t, "text.nosource", render(t, Formats()[0], r))
}
