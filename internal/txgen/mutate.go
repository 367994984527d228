package txgen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// rename gives the method of a unit another name, and the helpers that are called
// after it.
func rename(decls, from, to string) string { return strings.ReplaceAll(decls, from, to) }

// mutate bends a sound function, as an author does who forgets something: it takes
// a statement away, declares an error anew, turns a condition round, or adds a way
// out. What comes out need not compile, nor leak.
func (g *gen) mutate(src string) string {
	t, err := parse(src)
	if err != nil {
		return src
	}
	var all []func()
	ast.Inspect(t.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			all = append(all, g.listMutations(&n.List)...)
		case *ast.CaseClause:
			all = append(all, g.listMutations(&n.Body)...)
		case *ast.IfStmt:
			if a, ok := n.Init.(*ast.AssignStmt); ok {
				all = append(all, func() { a.Tok = flip(a.Tok) })
			}
			all = append(all, func() { n.Cond = negate(n.Cond) })
		case *ast.BinaryExpr:
			if n.Op == token.LAND {
				all = append(all, func() { n.Op = token.LOR })
			} else if n.Op == token.LOR {
				all = append(all, func() { n.Op = token.LAND })
			}
		}
		return true
	})
	if len(all) == 0 {
		return src
	}
	for range 1 + g.r.IntN(2) {
		all[g.r.IntN(len(all))]()
	}
	if text, err := t.text(); err == nil {
		return text
	}
	return src
}

// listMutations are those of one list; statements that finish weigh most.
func (g *gen) listMutations(list *[]ast.Stmt) []func() {
	var all []func()
	for _, s := range *list {
		remove := func() {
			if i := slices.Index(*list, s); i >= 0 {
				*list = slices.Delete(slices.Clone(*list), i, i+1)
			}
		}
		switch s := s.(type) {
		case *ast.ExprStmt, *ast.DeferStmt:
			all = append(all, remove, remove, remove)
			all = append(all, func() { // later
				remove()
				*list = append(*list, s)
			})
		case *ast.AssignStmt:
			if id, ok := s.Lhs[0].(*ast.Ident); ok && id.Name == "_" && len(s.Lhs) == 1 {
				all = append(all, remove, remove, remove)
			} else {
				all = append(all, func() { s.Tok = flip(s.Tok) })
			}
		case *ast.IfStmt:
			all = append(all, remove)
			all = append(all, func() { // a way out ahead of it
				if i := slices.Index(*list, ast.Stmt(s)); i >= 0 {
					*list = slices.Insert(slices.Clone(*list), i, earlyExit(s))
				}
			})
		}
	}
	return all
}

// earlyExit is a way out that returns what another statement does.
func earlyExit(from ast.Stmt) ast.Stmt {
	ret := &ast.ReturnStmt{}
	ast.Inspect(from, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			ret.Results = r.Results
		}
		_, literal := n.(*ast.FuncLit)
		return !literal
	})
	cond, _ := parser.ParseExpr("c.p.Choose()")
	return &ast.IfStmt{Cond: cond, Body: &ast.BlockStmt{List: []ast.Stmt{ret}}}
}

func flip(t token.Token) token.Token {
	if t == token.ASSIGN {
		return token.DEFINE
	}
	return token.ASSIGN
}

func negate(e ast.Expr) ast.Expr {
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.NOT {
		return u.X
	}
	return &ast.UnaryExpr{Op: token.NOT, X: &ast.ParenExpr{X: e}}
}
