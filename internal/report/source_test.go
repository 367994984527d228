package report

import (
	"slices"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	for _, test := range []struct {
		line, shown string
		columns     []int
	}{
		{"ab", "ab", []int{0, 1, 2}},
		{"\ta", "    a", []int{0, 4, 5}},
		{"a\tb", "a   b", []int{0, 1, 4, 5}},
		{"表b", "表b", []int{0, 0, 0, 2, 3}},
		{"e\u0301b", "e\u0301b", []int{0, 0, 0, 1, 2}}, // e with an accent of its own
		{"\x1bb", "\uFFFDb", []int{0, 1, 2}},
		{"\xffb", "\uFFFDb", []int{0, 1, 2}},
		{"", "", []int{0}},
	} {
		shown, columns := expand(test.line)
		if shown != test.shown || !slices.Equal(columns, test.columns) {
			t.Errorf("expand(%q) = %q, %v; want %q, %v", test.line, shown, columns, test.shown, test.columns)
		}
	}
}

func TestUTF16Column(t *testing.T) {
	f := newSource("a表😀b\r\nx")
	for column, want := range map[int]int{1: 1, 2: 2, 5: 3, 9: 5, 10: 6, 99: 99} {
		if got := f.utf16Column(1, column); got != want {
			t.Errorf("byte column %d is %d, want %d", column, got, want)
		}
	}
	if got := f.utf16Column(7, 3); got != 3 {
		t.Errorf("column of a line that is not there: %d", got)
	}
}

func TestSourceLines(t *testing.T) {
	f := newSource("a\r\n\nb")
	if !slices.Equal(f.lines, []string{"a", "", "b"}) {
		t.Errorf("lines: %q", f.lines)
	}
	if line, column, ok := f.place(4); line != 3 || column != 1 || !ok {
		t.Errorf("offset 4 is at %d:%d, %v", line, column, ok)
	}
	if _, _, ok := f.place(6); ok {
		t.Error("an offset behind the end has a place")
	}
}

func TestWindow(t *testing.T) {
	for _, test := range []struct {
		text        string
		from, width int
		want        string
	}{
		{"abcdef", 0, 6, "abcdef"},
		{"abcdef", 0, 5, "abcd…"},
		{"abcdef", 2, 4, "…def"},
		{"abcdefgh", 2, 4, "…de…"},
		{"表示表示", 0, 6, "表示…"},
		{"表示表示", 0, 5, "表示…"},
		{"表示表示", 2, 6, "… 表示"},
		{"表示", 0, 1, "…"},
	} {
		if got := window(test.text, test.from, test.width); got != test.want {
			t.Errorf("window(%q, %d, %d) = %q, want %q", test.text, test.from, test.width, got, test.want)
		}
	}
}

func TestLetters(t *testing.T) {
	for n, want := range map[int]string{0: "a", 25: "z", 26: "aa", 51: "az", 52: "ba", 701: "zz", 702: "aaa"} {
		if got := letters(n); got != want {
			t.Errorf("letters(%d) = %s, want %s", n, got, want)
		}
	}
}

// What analysed code holds does not reach the terminal as control characters.
func TestTextIsSafe(t *testing.T) {
	const code = "package p\n\nfunc f() {\n\treturn // \x1b]0;title\x07 \u202e\n}\n"
	file := "/p.go"
	r := Report{
		Findings: []Finding{{
			Message: "leaks when s == \"\x1b[2J\"", Pos: Position{file, 4, 2}, End: Position{file, 4, 8},
			Steps: []Step{{Position{file, 3, 1}, Position{file, 3, 5}, "\x1b[2J"}},
		}},
		ReadFile: func(string) ([]byte, error) { return []byte(code), nil },
	}
	for _, name := range []string{"text", "concise", "github"} {
		f, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := render(t, f, r); strings.ContainsAny(got, "\x1b\x07\u202e") {
			t.Errorf("%s prints control characters: %q", f.Name, got)
		}
	}
}

// A line that is too wide for the terminal is shown where its marks are.
func TestExcerptOfWideLine(t *testing.T) {
	code := "if " + strings.Repeat("a", 70) + " && leaks {\n\treturn\n}\n"
	at := strings.Index(code, "leaks")
	f := Finding{
		Pos: Position{"/p.go", 2, 2}, End: Position{"/p.go", 2, 8}, Message: "leaks",
		Steps: []Step{
			{Position{"/p.go", 1, at + 1}, Position{"/p.go", 1, at + 6}, "leaks"},
			{Position{"/p.go", 2, 2}, Position{"/p.go", 2, 8}, "return leaves it open, and this note is too long to stand behind"},
		},
	}
	r := Report{
		Findings: []Finding{f}, Base: "/", Style: Style{Width: 60},
		ReadFile: func(string) ([]byte, error) { return []byte(code), nil },
	}
	const want = `p.go:2:2: leaks
    |
  1 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa && leaks {
    |                                    ----- 1 leaks
  2 |     return
    |     ^^^^^^
    | 2 return leaves it open, and this note is too long to
    |   stand behind

1 finding about 1 transaction
`
	if got := render(t, Formats()[0], r); got != want {
		t.Errorf("got:\n%s", got)
	}
}
