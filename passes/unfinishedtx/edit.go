package unfinishedtx

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/format"
	"go/token"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A file is one file of the package as fixes see it: text and syntax.
type file struct {
	syntax *ast.File
	tok    *token.File
	text   []byte
	parent map[ast.Node]ast.Node
	tidy   bool // the text is as gofmt wants it
}

// newFile reads a file again. It is nil where edits have no place: in generated
// files, and in those whose positions are mapped to another file.
func newFile(pass *analysis.Pass, syntax *ast.File) *file {
	f := &file{syntax: syntax, tok: pass.Fset.File(syntax.FileStart)}
	if ast.IsGenerated(syntax) || mapped(pass, syntax.Package) || mapped(pass, syntax.FileEnd) {
		return nil
	}
	read := pass.ReadFile
	if read == nil {
		read = os.ReadFile
	}
	var err error
	if f.text, err = read(f.tok.Name()); err != nil || len(f.text) != f.tok.Size() {
		return nil
	}
	f.tidy = isTidy(f.text)
	f.parent = make(map[ast.Node]ast.Node)
	ast.PreorderStack(syntax, nil, func(n ast.Node, stack []ast.Node) bool {
		if len(stack) > 0 {
			f.parent[n] = stack[len(stack)-1]
		}
		return true
	})
	return f
}

// mapped reports whether a line directive, as in what cgo makes, says that a
// position is elsewhere. What go vet -json prints mixes the two.
func mapped(pass *analysis.Pass, pos token.Pos) bool {
	return pass.Fset.Position(pos) != pass.Fset.PositionFor(pos, false)
}

func isTidy(text []byte) bool {
	tidy, err := format.Source(text)
	return err == nil && bytes.Equal(tidy, text)
}

// line returns the bounds of the line around a position, without the line break.
func (f *file) line(pos token.Pos) (start, end int) {
	at := f.tok.Offset(pos)
	start = bytes.LastIndexByte(f.text[:at], '\n') + 1
	end = len(f.text)
	if i := bytes.IndexByte(f.text[at:], '\n'); i >= 0 {
		end = at + i
	}
	return start, end
}

// commentsAbove returns the comments that fill the lines right above the line that starts at
// an offset in a body, and the start of the first one.
func (f *file) commentsAbove(start int) (from int, comments []string) {
	for {
		above, end := f.line(f.tok.Pos(start - 1))
		comment := string(bytes.TrimSpace(f.text[above:end]))
		if !strings.HasPrefix(comment, "//") {
			return start, comments
		}
		start, comments = above, slices.Insert(comments, 0, comment)
	}
}

// without returns an edit that takes away whole lines of a body, and the empty one below if
// nothing is left above it to set apart.
func (f *file) without(start, end int) analysis.TextEdit {
	above, to := f.line(f.tok.Pos(start - 1))
	before := bytes.TrimSpace(f.text[above:to])
	_, next := f.line(f.tok.Pos(end + 1))
	if len(bytes.TrimSpace(f.text[end+1:next])) == 0 && (len(before) == 0 || bytes.HasSuffix(before, []byte("{"))) {
		end = next
	}
	return analysis.TextEdit{Pos: f.tok.Pos(start), End: f.tok.Pos(end + 1)}
}

// indent returns the white space that begins the line of a position.
func (f *file) indent(pos token.Pos) string {
	start, end := f.line(pos)
	text := string(f.text[start:end])
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}

// before returns an edit that puts lines before a statement, which must be the
// first on its line; nil if it is not.
func (f *file) before(pos token.Pos, lines []string) *analysis.TextEdit {
	start, _ := f.line(pos)
	if len(bytes.TrimSpace(f.text[start:f.tok.Offset(pos)])) > 0 {
		return nil
	}
	indent := f.indent(pos)
	return insert(pos, strings.Join(lines, "\n"+indent)+"\n"+indent)
}

// behind returns an edit that puts lines below the line of end, where nothing but
// a comment may follow it; nil if something does.
func (f *file) behind(end token.Pos, indent string, lines []string) *analysis.TextEdit {
	_, stop := f.line(end)
	rest := bytes.TrimSpace(f.text[f.tok.Offset(end):stop])
	if len(rest) > 0 && !bytes.HasPrefix(rest, []byte("//")) {
		return nil
	}
	return insert(f.tok.Pos(stop), "\n"+indent+strings.Join(lines, "\n"+indent))
}

// closing returns an edit that puts lines above a closing brace.
func (f *file) closing(brace token.Pos, lines []string) *analysis.TextEdit {
	start, _ := f.line(brace)
	indent := f.indent(brace)
	if start+len(indent) != f.tok.Offset(brace) {
		return nil
	}
	return insert(f.tok.Pos(start), indent+"\t"+strings.Join(lines, "\n"+indent+"\t")+"\n")
}

func insert(pos token.Pos, text string) *analysis.TextEdit {
	return &analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)}
}

// An edits is what several fixes do to one file, in order and without repetition:
// drivers merge edits that are the same.
type edits []analysis.TextEdit

func (e edits) sorted() edits {
	e = slices.Clone(e)
	slices.SortStableFunc(e, func(a, b analysis.TextEdit) int { return cmp.Compare(a.Pos, b.Pos) })
	return slices.CompactFunc(e, func(a, b analysis.TextEdit) bool {
		return a.Pos == b.Pos && a.End == b.End && bytes.Equal(a.NewText, b.NewText)
	})
}

// apply returns the text of f after sorted edits.
func (e edits) apply(f *file) []byte { return e.applyWithin(f, 0, len(f.text)) }

// applyWithin returns a part of the text of f after sorted edits, which are all in it.
func (e edits) applyWithin(f *file, from, to int) []byte {
	var out []byte
	at := from
	for _, edit := range e {
		out = append(out, f.text[at:f.tok.Offset(edit.Pos)]...)
		out = append(out, edit.NewText...)
		at = f.tok.Offset(edit.End)
	}
	return append(out, f.text[at:to]...)
}

// declaration returns the declaration of the file that a node is in.
func (f *file) declaration(of ast.Node) (found ast.Decl) {
	for n := of; n != nil; n = f.parent[n] {
		if d, ok := n.(ast.Decl); ok {
			found = d
		}
	}
	return found
}

// keepTidy reports whether a file that is as gofmt wants it is so after some edits, by
// the declaration that they are in: a file has as many as it may have Begins.
func (e edits) keepTidy(f *file, in ast.Node) bool {
	if !f.tidy {
		return true
	}
	decl := f.declaration(in)
	text := e.applyWithin(f, f.tok.Offset(decl.Pos()), f.tok.Offset(decl.End()))
	return isTidy(append(append([]byte("package p\n\n"), text...), '\n'))
}

// at returns the offset that an offset after sorted edits had before them, and the edit that
// has brought in what is there, nil if none has.
func (e edits) at(f *file, offset int) (before int, by *analysis.TextEdit) {
	for i, edit := range e {
		start, end := f.tok.Offset(edit.Pos), f.tok.Offset(edit.End)
		if offset < start {
			break
		}
		if offset < start+len(edit.NewText) {
			return start, &e[i]
		}
		offset -= len(edit.NewText) - (end - start)
	}
	return offset, nil
}
