package newfrom

import (
	"path/filepath"
	"testing"

	"github.com/txcheck/txcheck/internal/report"
)

// The first hunk replaces line 5 by lines 5 and 6, the second removes what was
// behind line 20, the third adds line 30. What looks like a head is a line of source.
const diff = `diff --git a/old.go b/new name.go
similarity index 90%
rename from old.go
rename to new name.go
--- a/old.go	
+++ b/new name.go	
@@ -5 +5,2 @@ func f()
-+++ b/other.go
+++ b/other.go
+@@ -1 +1 @@
@@ -20,3 +20,0 @@
--- a/x
-
-x
@@ -33,0 +30 @@
+last
\ No newline at end of file
diff --git "a/\303\274\".go" "b/\303\274\".go"
--- /dev/null
+++ "b/\303\274\".go"
@@ -0,0 +1,2 @@
+package p
+
`

func TestIsNew(t *testing.T) {
	top := t.TempDir()
	c := &Change{top: top, files: make(map[string]*touched), real: make(map[string]string)}
	var err error
	if c.top, err = filepath.EvalSymlinks(top); err != nil {
		t.Fatal(err)
	}
	if err := c.parse([]byte(diff)); err != nil {
		t.Fatal(err)
	}
	at := func(file string, line, end int) report.Step {
		name := filepath.Join(top, file)
		return report.Step{Pos: report.Position{File: name, Line: line}, End: report.Position{File: name, Line: end}}
	}
	const name = "new name.go"
	for _, test := range []struct {
		what  string
		exit  report.Step
		steps []report.Step
		want  bool
	}{
		{"the line before", at(name, 4, 4), nil, false},
		{"the first of two lines", at(name, 5, 5), nil, true},
		{"the second of two lines", at(name, 6, 6), nil, true},
		{"the line behind", at(name, 7, 7), nil, false},
		{"a range around it", at(name, 3, 9), nil, true},
		{"no end", at(name, 6, 0), nil, true},
		{"one line that was added", at(name, 30, 30), nil, true},
		{"a step", at(name, 40, 40), []report.Step{at(name, 30, 30)}, true},
		{"a step in another file", at("a.go", 1, 1), []report.Step{at(`ü".go`, 2, 2)}, true},
		{"removed in between", at(name, 21, 21), []report.Step{at(name, 20, 20)}, true},
		{"removed in front", at(name, 22, 22), []report.Step{at(name, 21, 21)}, false},
		{"removed behind", at(name, 20, 20), []report.Step{at(name, 18, 18)}, false},
		{"removed, but of another file", at("a.go", 30, 30), []report.Step{at("a.go", 1, 1)}, false},
		{"a name in the source", at("other.go", 1, 1), nil, false},
	} {
		f := report.Finding{Pos: test.exit.Pos, End: test.exit.End, Steps: test.steps}
		if got := c.IsNew(f); got != test.want {
			t.Errorf("%s: new is %v, want %v", test.what, got, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	c := &Change{files: make(map[string]*touched)}
	if err := c.parse([]byte("+++ \"b/\\q\"\n")); err == nil {
		t.Error("a malformed name is accepted")
	}
}
