package baseline

import (
	"reflect"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/report"
)

func finding(pkg, message string) report.Finding {
	return report.Finding{Package: pkg, Rule: "r", Message: message}
}

func TestFilter(t *testing.T) {
	b := Of([]report.Finding{
		finding("m/p [m/p.test]", "tx of line 7 leaks (in F)"),
		finding("m/p", "tx of line 17 leaks (in F)"),
		finding("m/p", "tx of line 27 leaks (in G)"),
	})
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if b, err = Parse("b.json", text); err != nil {
		t.Fatal(err)
	}
	fresh, gone := b.Filter([]report.Finding{
		finding("m/p", "tx of line 9 leaks (in F)"),
		finding("m/p", "tx of line 19 leaks (in F)"),
		finding("m/p", "tx of line 29 leaks (in F)"),
		finding("m/q", "tx of line 9 leaks (in F)"),
	})
	want := []report.Finding{finding("m/p", "tx of line 29 leaks (in F)"), finding("m/q", "tx of line 9 leaks (in F)")}
	if !reflect.DeepEqual(fresh, want) {
		t.Errorf("fresh %v, want %v", fresh, want)
	}
	if len(gone) != 1 || gone[0].Count != 1 || !strings.HasSuffix(gone[0].Message, "(in G)") {
		t.Errorf("gone %v, want that of G", gone)
	}
}

func TestParseRefuses(t *testing.T) {
	const entry = `{"package": "p", "rule": "r", "message": "m", "count": 1}`
	for _, text := range []string{
		"", "{", "[]", "null", `{"version": 2, "findings": []}`, `{"version": 1} {}`,
		`{"version": 1, "findings": [{"package": "p", "rule": "r", "message": "m", "count": 0}]}`,
		`{"version": 1, "findings": [` + entry + `, ` + entry + `]}`,
	} {
		if _, err := Parse("b.json", []byte(text)); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	if _, err := Parse("b.json", []byte(`{"version": 1, "findings": [`+entry+`]}`)); err != nil {
		t.Error(err)
	}
}
