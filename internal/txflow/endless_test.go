package txflow

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// TestEndless tells by syntax which functions may never return: never too few of them.
func TestEndless(t *testing.T) {
	const src = `package p

func plain()                { println() }
func checked(err error)     { if err != nil { panic(err) } }
func quits()                { die() }
func fails()                { panic("") }
func calls()                { fails() }
func either(b bool)         { if b { panic("") } else { fails() } }
func loops()                { for { println() } }
func counts()               { for i := 0; i < 3; i++ { panic(i) } }
func waits()                { select {} }
func all(n int)             { switch n { case 1: panic(1); default: panic(2) } }
func some(n int)            { switch n { case 1: panic(1) } }
func falls(n int)           { switch n { case 1: fallthrough; default: panic(2) } }
func jumps()                { again: println(); goto again }
func literal()              { _ = func() { panic("") } }
func deferred()             { defer panic("") }
func assigns() int          { n := quit(); return n }
func quit() int             { panic("") }
func returns(b bool) error  { if b { return nil } else { panic("") } }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	files, found := Endless(fset, []*ast.File{file}, func(name string) bool { return name == "die" }, false)
	var got []string
	for _, d := range files[0].Decls {
		if fn := d.(*ast.FuncDecl); fn.Body != nil {
			got = append(got, fn.Name.Name)
		}
	}
	want := []string{"quits", "fails", "calls", "either", "loops", "waits", "all", "falls", "jumps", "assigns", "quit"}
	if !found || !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
