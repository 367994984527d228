package report

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const source = "package p\n\nfunc f() {\n\ta()\n\tb()\n}\n"

// sample writes a small source file and returns findings in it, out of order.
func sample(t *testing.T) (dir string, findings []Finding) {
	t.Helper()
	dir = t.TempDir()
	file := filepath.Join(dir, "p.go")
	if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	insert := strings.Index(source, "a()") + len("a()")
	fix := []Fix{{Message: "call c", Edits: []Edit{{File: file, Start: insert, End: insert, New: "\n\tdefer c()"}}}}
	at := func(line int) Position { return Position{File: file, Line: line, Column: 2} }
	return dir, []Finding{
		{Package: "p", Rule: "r", Pos: at(5), Message: "second", Fixes: fix},
		{Package: "p", Rule: "r", Pos: at(4), Message: "first", Fixes: fix,
			Steps: []Step{{Pos: at(3), Message: "begins here"}}},
		{Package: "p [p.test]", Rule: "r", Pos: at(5), Message: "second", Fixes: fix},
	}
}

func TestFormats(t *testing.T) {
	dir, findings := sample(t)
	want := map[string]string{
		"text": "p.go:4:2: first\n" +
			"\tp.go:3:2: begins here\n" +
			"\tfix: call c\n" +
			"\t\tp.go:4: + defer c()\n" +
			"p.go:5:2: second\n" +
			"\tfix: the same as above\n",
		"concise": "p.go:4:2: first\np.go:5:2: second\n",
	}
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			var out strings.Builder
			if err := f.Print(&out, Sort(slices.Clone(findings)), Settings{Base: dir}); err != nil {
				t.Fatal(err)
			}
			if out.String() != want[f.Name] {
				t.Errorf("got:\n%s\nwant:\n%s", out.String(), want[f.Name])
			}
		})
	}
}

func TestNamedRefusesUnknown(t *testing.T) {
	if _, err := Named("tect"); err == nil || !strings.Contains(err.Error(), "text, concise") {
		t.Errorf("got error %v, want one that lists the formats", err)
	}
}

// A source that changed or vanished after the analysis costs the excerpt only.
func TestFixWithoutSource(t *testing.T) {
	dir, findings := sample(t)
	for _, prepare := range []func(string) error{
		func(file string) error { return os.Truncate(file, 3) },
		os.Remove,
	} {
		if err := prepare(filepath.Join(dir, "p.go")); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := text(&out, findings[:1], Settings{Base: dir}); err != nil {
			t.Fatal(err)
		}
		if want := "p.go:5:2: second\n\tfix: call c\n"; out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	}
}

func TestChangedLines(t *testing.T) {
	edit := func(old, replacement string) Edit {
		i := strings.Index(source, old)
		return Edit{Start: i, End: i + len(old), New: replacement}
	}
	for _, test := range []struct {
		name string
		edit Edit
		want []changedLine
	}{
		{"insert before", Edit{Start: strings.Index(source, "b()"), End: strings.Index(source, "b()"), New: "c()\n\t"},
			[]changedLine{{'+', 4, "\tc()"}}},
		{"replace within a line", edit("a()", "aa()"),
			[]changedLine{{'-', 4, "\ta()"}, {'+', 4, "\taa()"}}},
		{"remove a line", edit("\ta()\n", ""),
			[]changedLine{{'-', 4, "\ta()"}}},
		{"nothing", edit("a()", "a()"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := changedLines(source, test.edit); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestShorten(t *testing.T) {
	s := Settings{Base: "/home/me/work/project"}
	for file, want := range map[string]string{
		"/home/me/work/project/a/b.go": "a/b.go",
		"/home/me/work/other/b.go":     "../other/b.go",
		"/b.go":                        "/b.go",
		"":                             "",
	} {
		if got := s.shorten(file); got != want {
			t.Errorf("shorten(%q) = %q, want %q", file, got, want)
		}
	}
}
