package report

import (
	"reflect"
	"strings"
	"testing"
)

func TestChanges(t *testing.T) {
	const code = "package p\n\nfunc f() {\n\ta()\n\tb()\n}\n"
	at := func(old, replacement string) Edit {
		i := strings.Index(code, old)
		return Edit{Start: i, End: i + len(old), New: replacement}
	}
	before := func(text, added string) Edit {
		i := strings.Index(code, text)
		return Edit{Start: i, End: i, New: added}
	}
	for _, test := range []struct {
		name  string
		edits []Edit
		want  []change
	}{
		{"insert before", []Edit{before("b()", "c()\n\t")}, []change{{5, 0, []string{"\tc()"}}}},
		{"insert after", []Edit{before("\n\tb()", "\n\tc()")}, []change{{5, 0, []string{"\tc()"}}}},
		{"replace", []Edit{at("a()", "aa()")}, []change{{4, 1, []string{"\taa()"}}}},
		{"remove a line", []Edit{at("\ta()\n", "")}, []change{{4, 1, []string{}}}},
		{"two in one line", []Edit{at(")\n\tb", "1)\n\tb"), at("a(", "aa(")}, []change{{4, 1, []string{"\taa(1)"}}}},
		{"two apart", []Edit{at("b()", "bb()"), at("func f", "func g")},
			[]change{{3, 1, []string{"func g() {"}}, {5, 1, []string{"\tbb()"}}}},
		{"the same twice", []Edit{before("b()", "c()\n\t"), before("b()", "c()\n\t")}, []change{{5, 0, []string{"\tc()"}}}},
		{"at the end", []Edit{{Start: len(code), End: len(code), New: "\nvar x int\n"}}, []change{{8, 0, []string{"var x int", ""}}}},
		{"nothing", []Edit{at("a()", "a()")}, nil},
		{"behind the end", []Edit{{Start: 900, End: 901}}, nil},
		{"overlapping", []Edit{at("a()", "x"), at("()\n\tb", "y")}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := newSource(code).changes(test.edits); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}
