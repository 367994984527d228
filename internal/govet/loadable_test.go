package govet

import (
	"slices"
	"testing"
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
