package corpus

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func parse(t *testing.T, src string) *File {
	t.Helper()
	f := &File{Name: "p/f.go", Src: []byte(src), Fset: token.NewFileSet()}
	var err error
	f.Syntax, err = parser.ParseFile(f.Fset, f.Name, src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.readWants(); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWants(t *testing.T) {
	f := parse(t, "package p\n"+
		"var a int // want `return leaves a` \"next iteration leaves b\"\n"+
		"var b int // limit L1 misses `end of function leaves c`\n"+
		"var c int /* limit L2 invents */ // want `StopRun leaves d`\n"+
		"var d int // not reached\n")
	var got []string
	for _, w := range f.Wants {
		got = append(got, strings.Join([]string{w.Pattern.String(), w.Kind(), w.Limit, string('0'+rune(w.Gap)) + string('0'+rune(w.Line))}, "|"))
	}
	want := []string{
		"return leaves a|return||02", "next iteration leaves b|next||02",
		"end of function leaves c|end|L1|13", "StopRun leaves d|panic|L2|24",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !f.Never[5] {
		t.Error("line 5 is marked as not reached")
	}
}

// TestInstrument keeps the lines, and marks what the explorer needs.
func TestInstrument(t *testing.T) {
	f := parse(t, `package p

import "os"

func f(o orm, c chan int) (err error) {
	defer func() { recover() }()
again:
	for range 2 {
		if err = o.Begin(); err != nil {
			continue
		}
		go work(o, 1)
		go func() {}()
	}
	if err == nil {
		goto again
	}
	os.Exit(1)
	return o.Commit()
}
`)
	src, returns := f.instrument()
	if got, want := strings.Count(string(src), "\n"), strings.Count(string(f.Src), "\n")+2; got != want {
		t.Errorf("%d lines, want %d", got, want)
	}
	if len(returns) != 1 || returns[0] != 19 {
		t.Errorf("returns on %v, want 19", returns)
	}
	lines := strings.Split(string(src), "\n")
	for line, want := range map[int]string{
		1:  `package p; import txmarks "txcases/txprobe"`,
		5:  `txframe := txmarks.Enter("p/f.go"); defer txframe.Leave();`,
		6:  `txmarks.Recover(txframe, recover())`,
		9:  `txmarks.Reach(txframe, 9, o).Begin()`,
		10: `txframe.Jump(10, 8, 14);continue`,
		12: `txmarks.Go(work, o, 1)`,
		14: `;txframe.Jump(14, 8, 14)}`,
		16: `txframe.Jump(16, 7, 16);goto again`,
		18: `txmarks.EndProcess(1)`,
		19: `txframe.Ret(19);return o.Commit()`,
	} {
		if !strings.Contains(lines[line-1], want) {
			t.Errorf("line %d: %s\nlacks %s", line, lines[line-1], want)
		}
	}
	if strings.Contains(lines[19], "End") {
		t.Errorf("a function with results has no end of body: %s", lines[19])
	}
	if _, err := parser.ParseFile(token.NewFileSet(), "f.go", src, 0); err != nil {
		t.Error(err)
	}
}

// TestCompare finds each kind of disagreement.
func TestCompare(t *testing.T) {
	leak := func(kind string, line, begin int) Result {
		return Result{Case: "C", Leaks: []Leak{{Exits: []Exit{{Kind: kind, File: "p/f.go", Line: line, Begin: begin}}}}}
	}
	f := parse(t, "package p\n"+
		"var a int // want `return leaves a`\n"+
		"var b int // want `return leaves b` `return leaves c`\n"+
		"var c int\n"+
		"var d int // not reached\n"+
		"var e int /* limit L1 invents */ // want `return leaves e`\n"+
		"var f int // limit L1 misses `return leaves f`\n")
	sound := []Result{leak("return", 2, 1), leak("return", 3, 1), leak("return", 3, 2), leak("return", 7, 1)}
	for _, test := range []struct {
		name    string
		results []Result
		returns []int
		want    string
	}{
		{"agrees", sound, nil, ""},
		{"silent leak", append(sound, leak("return", 4, 1)), nil, "leak without a want"},
		{"other kind", append(sound, leak("next", 2, 1)), nil, "leak without a want"},
		{"idle want", sound[1:], nil, "want that no leak needs"},
		{"idle limit", sound[:3], nil, "want that no leak needs"},
		{"too few begins", []Result{sound[0], sound[1], sound[3]}, nil, "2 wants, but"},
		{"too many begins", append(sound, leak("return", 2, 5)), nil, "1 wants, but"},
		{"dead return", sound, []int{4}, "no path executes"},
		{"live return", append(sound, Result{Marks: []Mark{{"p/f.go", 5}}}), []int{5}, "is reached"},
		{"dead and said so", sound, []int{5}, ""},
		{"error", append(sound, Result{Errors: []string{"boom"}}), nil, "boom"},
		{"capped", append(sound, Result{Capped: true}), nil, "too many paths"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &Corpus{Packages: []*Package{{Path: "p", Files: []*File{f}}}}
			got := strings.Join(c.Compare(test.results, map[string][]int{"p/f.go": test.returns}), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestCompareInPart demands nothing of what was not run, but takes no leak for granted.
func TestCompareInPart(t *testing.T) {
	f := parse(t, "package p\nvar a int // want `return leaves a`\n")
	c := &Corpus{Packages: []*Package{{Path: "p", Files: []*File{f}}}}
	if got := c.Compare(nil, map[string][]int{}); got != nil {
		t.Errorf("got %q, want nothing", got)
	}
	leak := Result{Leaks: []Leak{{Exits: []Exit{{Kind: "return", File: "p/f.go", Line: 1}}}}}
	if got := c.Compare([]Result{leak}, map[string][]int{}); len(got) != 1 {
		t.Errorf("got %q, want a leak without a want", got)
	}
}
