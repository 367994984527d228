package report

import (
	"regexp"
	"testing"
)

func TestFingerprints(t *testing.T) {
	finding := func(change func(*Finding)) Finding {
		f := Finding{
			Package: "m/p", Rule: "r", Category: "c", Message: "tx of line 7 in a.go:3 leaks (in F)",
			Pos: Position{File: "/a/p.go", Line: 9, Column: 2},
		}
		change(&f)
		return f
	}
	print := func(f Finding) string { return Fingerprints([]Finding{f})[0] }
	base := print(finding(func(*Finding) {}))
	if !regexp.MustCompile(`^[0-9a-f]{24}:1$`).MatchString(base) {
		t.Errorf("fingerprint %q", base)
	}

	for name, change := range map[string]func(*Finding){
		"moved":               func(f *Finding) { f.Pos.Line, f.Message = 19, "tx of line 17 in a.go:23 leaks (in F)" },
		"another machine":     func(f *Finding) { f.Pos.File = "/b/p.go" },
		"with its test files": func(f *Finding) { f.Package = "m/p [m/p.test]" },
		"another path":        func(f *Finding) { f.Steps = []Step{{Message: "x"}} },
	} {
		if print(finding(change)) != base {
			t.Errorf("%s: the fingerprint changes", name)
		}
	}
	for name, change := range map[string]func(*Finding){
		"another rule":     func(f *Finding) { f.Rule = "s" },
		"another package":  func(f *Finding) { f.Package = "m/q" },
		"another category": func(f *Finding) { f.Category = "d" },
		"another variable": func(f *Finding) { f.Message = "tx2 of line 7 in a.go:3 leaks (in F)" },
		"another number":   func(f *Finding) { f.Message = "tx of line 7 in a.go:3 leaks when n == 8 (in F)" },
	} {
		if print(finding(change)) == base {
			t.Errorf("%s: the fingerprint stays", name)
		}
	}

	same := finding(func(*Finding) {})
	prints := Fingerprints([]Finding{same, same})
	if prints[0] == prints[1] {
		t.Errorf("two findings have one fingerprint: %q", prints)
	}
}
