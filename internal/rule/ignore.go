package rule

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
)

// Ignored are the lines that the user has silenced by a directive with a reason,
// on the line itself or alone on the line above it:
//
//	//txcheck:ignore the server closes this session itself
//
// It is part of the rule, so that every driver sees it.
type Ignored struct {
	pass       *analysis.Pass
	directives []*directive
	unknown    []ast.Directive // of ours by their tool, but of no name that there is
	lines      map[place]*directive
}

// A place is a line of a file, whatever //line comments say.
type place struct {
	file *token.File
	line int
}

type directive struct {
	ast.Directive
	used bool
}

// NewIgnored reads the directives of a package.
func NewIgnored(pass *analysis.Pass) *Ignored {
	g := &Ignored{pass: pass, lines: make(map[place]*directive)}
	for _, file := range pass.Files {
		var code map[int]bool
		for _, group := range file.Comments {
			for _, c := range group.List {
				d, ok := ast.ParseDirective(c.Pos(), c.Text)
				if !ok || d.Tool != "txcheck" {
					continue
				}
				if d.Name != "ignore" {
					g.unknown = append(g.unknown, d)
					continue
				}
				if code == nil {
					code = g.codeLines(file)
				}
				at := g.place(c.Pos())
				if !code[at.line] {
					at.line++
				}
				own := &directive{Directive: d}
				g.directives = append(g.directives, own)
				if d.Args != "" {
					g.lines[at] = own
				}
			}
		}
	}
	return g
}

func (g *Ignored) place(pos token.Pos) place {
	file := g.pass.Fset.File(pos)
	return place{file, file.PositionFor(pos, false).Line}
}

// codeLines returns the lines on which something other than a comment begins or
// ends.
func (g *Ignored) codeLines(file *ast.File) map[int]bool {
	lines := make(map[int]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.File:
			return true
		case *ast.Comment, *ast.CommentGroup:
			return false
		}
		if n.Pos().IsValid() && n.End() > n.Pos() {
			lines[g.place(n.Pos()).line] = true
			lines[g.place(n.End()-1).line] = true
		}
		return true
	})
	return lines
}

// Silences reports whether what a rule finds at pos is not to be reported.
func (g *Ignored) Silences(pos token.Pos) bool {
	if !pos.IsValid() {
		return false
	}
	d := g.lines[g.place(pos)]
	if d == nil {
		return false
	}
	d.used = true
	return true
}

// Report reports directives without a reason, those that silence nothing, and those that
// there are none of.
func (g *Ignored) Report() {
	for _, d := range g.unknown {
		g.pass.Report(analysis.Diagnostic{Pos: d.Pos(), End: d.End(), Category: "directive",
			Message: "//txcheck:" + d.Name + " is no directive: there is only //txcheck:ignore"})
	}
	for _, d := range g.directives {
		text := ""
		switch {
		case d.Args == "":
			text = "//txcheck:ignore needs a reason: write it behind the directive"
		case !d.used:
			text = "//txcheck:ignore silences nothing here: remove it"
		default:
			continue
		}
		g.pass.Report(analysis.Diagnostic{Pos: d.Pos(), End: d.End(), Category: "directive", Message: text})
	}
}
