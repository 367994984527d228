package txgen

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
)

// A tree is the declarations of a unit, to be edited.
type tree struct {
	fset *token.FileSet
	file *ast.File
}

const clause = "package p\n\n"

func parse(decls string) (*tree, error) {
	t := &tree{fset: token.NewFileSet()}
	var err error
	t.file, err = parser.ParseFile(t.fset, "", clause+decls, parser.SkipObjectResolution)
	return t, err
}

// text prints the declarations.
func (t *tree) text() (string, error) {
	var out bytes.Buffer
	for i, d := range t.file.Decls {
		if i > 0 {
			out.WriteString("\n\n")
		}
		if err := format.Node(&out, token.NewFileSet(), d); err != nil {
			return "", err
		}
	}
	out.WriteByte('\n')
	// Edited trees have odd positions: format what was printed once more.
	src, err := format.Source(append([]byte(clause), out.Bytes()...))
	if err != nil {
		return "", err
	}
	return string(bytes.TrimPrefix(src, []byte(clause))), nil
}

// edits are ways to make the tree smaller. Those that come later are inside of, or
// after, those that come before, so that a set of them is done from its end.
func (t *tree) edits() []func() {
	var all []func()
	for i, d := range t.file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && !ast.IsExported(fn.Name.Name) {
			all = append(all, func() { t.file.Decls[i] = &ast.GenDecl{Tok: token.VAR} })
		}
	}
	ast.Inspect(t.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			all = append(all, listEdits(&n.List)...)
		case *ast.CaseClause:
			all = append(all, listEdits(&n.Body)...)
		case *ast.CommClause:
			all = append(all, listEdits(&n.Body)...)
		case *ast.IfStmt:
			if n.Else != nil {
				all = append(all, func() { n.Else = nil })
			}
			all = append(all, exprEdits(&n.Cond)...)
		case *ast.ReturnStmt:
			for i, e := range n.Results {
				if _, ok := e.(*ast.CallExpr); ok {
					all = append(all, func() { n.Results[i] = ast.NewIdent("nil") })
				}
			}
		}
		return true
	})
	return all
}

// listEdits are the edits of one list of statements. An edit names its statement by
// identity, as others may have moved it.
func listEdits(list *[]ast.Stmt) []func() {
	var all []func()
	for _, s := range *list {
		replace := func(by ...ast.Stmt) func() {
			return func() {
				if i := slices.Index(*list, s); i >= 0 {
					*list = slices.Replace(slices.Clone(*list), i, i+1, by...)
				}
			}
		}
		all = append(all, replace())
		for _, by := range inside(s) {
			all = append(all, replace(by...))
		}
	}
	return all
}

// inside returns what a statement may be replaced by.
func inside(s ast.Stmt) [][]ast.Stmt {
	var all [][]ast.Stmt
	with := func(init ast.Stmt, list []ast.Stmt) {
		all = append(all, list)
		if init != nil {
			all = append(all, append([]ast.Stmt{init}, list...))
		}
	}
	switch s := s.(type) {
	case *ast.IfStmt:
		with(s.Init, s.Body.List)
		if s.Else != nil {
			with(s.Init, []ast.Stmt{s.Else})
		}
	case *ast.ForStmt:
		with(nil, s.Body.List)
	case *ast.RangeStmt:
		with(nil, s.Body.List)
	case *ast.BlockStmt:
		with(nil, s.List)
	case *ast.LabeledStmt:
		with(nil, []ast.Stmt{s.Stmt})
	case *ast.SwitchStmt:
		for _, c := range s.Body.List {
			with(s.Init, c.(*ast.CaseClause).Body)
		}
	case *ast.TypeSwitchStmt:
		for _, c := range s.Body.List {
			body := c.(*ast.CaseClause).Body
			if len(body) > 0 && isBlank(body[0]) { // it mentions the variable of the switch
				with(s.Init, body[1:])
			}
			with(s.Init, body)
		}
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			with(nil, c.(*ast.CommClause).Body)
		}
	case *ast.DeferStmt:
		if lit, ok := s.Call.Fun.(*ast.FuncLit); ok && len(lit.Body.List) == 1 {
			if e, ok := lit.Body.List[0].(*ast.ExprStmt); ok {
				if call, ok := e.X.(*ast.CallExpr); ok {
					with(nil, []ast.Stmt{&ast.DeferStmt{Call: call}})
				}
			}
		}
	case *ast.AssignStmt:
		with(nil, simplerBegin(s))
	}
	return all
}

// isBlank reports whether a statement only mentions something.
func isBlank(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 {
		return false
	}
	id, ok := a.Lhs[0].(*ast.Ident)
	return ok && id.Name == "_"
}

// simplerBegin replaces the helper that begins a transaction by a plain Begin.
func simplerBegin(s *ast.AssignStmt) []ast.Stmt {
	if len(s.Lhs) != 2 || len(s.Rhs) != 1 {
		return []ast.Stmt{s}
	}
	begin, err := parser.ParseExpr("c.p.DB.Begin()")
	if err != nil {
		return []ast.Stmt{s}
	}
	return []ast.Stmt{&ast.AssignStmt{Lhs: s.Lhs, Tok: s.Tok, Rhs: []ast.Expr{begin}}}
}

// exprEdits make a condition simpler.
func exprEdits(e *ast.Expr) []func() {
	var all []func()
	set := func(by ast.Expr) { all = append(all, func() { *e = by }) }
	switch x := (*e).(type) {
	case *ast.BinaryExpr:
		if x.Op == token.LAND || x.Op == token.LOR {
			set(x.X)
			set(x.Y)
		}
	case *ast.UnaryExpr:
		set(x.X)
	case *ast.ParenExpr:
		set(x.X)
	}
	return all
}

// apply does some of the edits of a text and returns what comes out, "" when that
// is no Go.
func apply(decls string, which []int) string {
	t, err := parse(decls)
	if err != nil {
		return ""
	}
	all := t.edits()
	for _, i := range slices.Backward(which) {
		all[i]()
	}
	t.file.Decls = slices.DeleteFunc(t.file.Decls, func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		return ok && len(g.Specs) == 0
	})
	text, err := t.text()
	if err != nil {
		return ""
	}
	return text
}
