package govet

import (
	"slices"
	"testing"

	"github.com/txcheck/txcheck/internal/report"
)

const listing = `
{"ImportPath": "m/good"}
{"ImportPath": "m/good.test"}
{"ImportPath": "m/good_test [m/good.test]", "ForTest": "m/good"}
{"ImportPath": "m/far", "DepsErrors": [{"Pos": "x.go:3:8", "Err": "no such module"}]}
{"ImportPath": "m/near", "Error": {"Err": "no Go files"}, "DepsErrors": [{"Pos": "x.go:3:8", "Err": "no such module"}]}
{"ImportPath": "m/tested"}
{"ImportPath": "m/tested.test", "DepsErrors": [{"Pos": "x_test.go:2:8", "Err": "no such module"}]}
`

func TestWhole(t *testing.T) {
	packages, err := parseList([]byte(listing))
	if err != nil {
		t.Fatal(err)
	}
	good, reasons := whole(packages)
	if !slices.Equal(good, []string{"m/good"}) {
		t.Errorf("good: %q", good)
	}
	if !slices.Equal(reasons, []string{"x.go:3:8: no such module", "no Go files", "x_test.go:2:8: no such module"}) {
		t.Errorf("reasons: %q", reasons)
	}
	if _, err := parseList([]byte(`{"ImportPath": `)); err == nil {
		t.Error("no error for a list that is cut off")
	}
}

func TestBuildFlags(t *testing.T) {
	got := buildFlags([]string{"-tags=a,b", "-unfinishedtx.panics=true", "--mod=mod", "-unfinishedtx=false"})
	if !slices.Equal(got, []string{"-tags=a,b", "--mod=mod"}) {
		t.Errorf("got %q", got)
	}
}

func TestPackagesOf(t *testing.T) {
	of := func(names ...string) []string {
		var findings []report.Finding
		for _, n := range names {
			findings = append(findings, report.Finding{Package: n})
		}
		return Run{Packages: []string{"./..."}}.packagesOf(findings)
	}
	if got := of("m/a", "m/b [m/b.test]", "m/b", "m/c_test [m/c.test]"); !slices.Equal(got, []string{"m/a", "m/b", "m/c"}) {
		t.Errorf("got %q", got)
	}
	if got := of("m/a", "command-line-arguments"); !slices.Equal(got, []string{"./..."}) {
		t.Errorf("files that were named: got %q", got)
	}
}
