package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// following returns the statement behind another one in its list.
func following(block ast.Node, stmt ast.Stmt) ast.Stmt {
	list := stmtList(block)
	for i, s := range list {
		if s == stmt && i+1 < len(list) {
			return list[i+1]
		}
	}
	return nil
}

func stmtList(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// stmtAround returns the innermost statement around a node, with its labels.
func (f *file) stmtAround(n ast.Node) ast.Stmt {
	for ; n != nil; n = f.parent[n] {
		s, ok := n.(ast.Stmt)
		if !ok {
			continue
		}
		for {
			l, ok := f.parent[s].(*ast.LabeledStmt)
			if !ok {
				return s
			}
			s = l
		}
	}
	return nil
}

// rootIdent returns the variable at the root of a path of fields and of elements with
// fixed numbers.
func rootIdent(x ast.Expr) *ast.Ident {
	for x != nil {
		switch e := ast.Unparen(x).(type) {
		case *ast.Ident:
			return e
		case *ast.SelectorExpr:
			x = e.X
		case *ast.IndexExpr:
			if _, fixed := e.Index.(*ast.BasicLit); !fixed {
				return nil
			}
			x = e.X
		default:
			return nil
		}
	}
	return nil
}

// object returns the variable at the root of the handle.
func (b *begin) object() types.Object {
	id := rootIdent(b.duty.Handle)
	if id == nil {
		return nil
	}
	return b.info.ObjectOf(id)
}

// ownVariable returns the variable of the function's own that an expression names, nil if it
// names none.
func (b *begin) ownVariable(x ast.Expr) *types.Var {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := b.info.ObjectOf(id).(*types.Var)
	if !ok || !b.isOwn(v) {
		return nil
	}
	return v
}

// isOwn reports whether a variable is declared in the function, and is no parameter.
func (b *begin) isOwn(v types.Object) bool {
	return b.body().Pos() <= v.Pos() && v.Pos() < b.body().End()
}

// onlyUsed reports whether all that the function does with a variable, after it is declared,
// is such as is said.
func (b *begin) onlyUsed(v types.Object, such func(use *ast.Ident) bool) bool {
	only := true
	ast.Inspect(b.body(), func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && b.info.Uses[id] == v {
			only = only && such(id)
		}
		return only
	})
	return only
}

// isAssigned reports whether a name is the left side of an assignment.
func (b *begin) isAssigned(id *ast.Ident) bool {
	a, ok := b.file.parent[id].(*ast.AssignStmt)
	return ok && slices.Contains(a.Lhs, ast.Expr(id))
}

// stmtAt returns the innermost statement that begins at pos, or contains it.
func (f *file) stmtAt(pos token.Pos) (found ast.Stmt) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		if s, ok := n.(ast.Stmt); ok {
			found = s
		}
		return true
	})
	return found
}

// target returns the statement that a jump leaves or begins anew, or the labelled one
// that a goto leads to.
func (f *file) target(jump *ast.BranchStmt) ast.Stmt {
	if jump.Tok == token.GOTO {
		return f.labelled(jump)
	}
	for n := f.parent[jump]; n != nil; n = f.parent[n] {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return nil
		case *ast.ForStmt, *ast.RangeStmt:
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			if jump.Tok != token.BREAK {
				continue
			}
		default:
			continue
		}
		label, ok := f.parent[n].(*ast.LabeledStmt)
		if jump.Label == nil || ok && label.Label.Name == jump.Label.Name {
			return n.(ast.Stmt)
		}
	}
	return nil
}

// labelled returns the statement that a goto leads to.
func (f *file) labelled(jump *ast.BranchStmt) (found ast.Stmt) {
	for n := ast.Node(jump); n != nil; n = f.parent[n] {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			ast.Inspect(n, func(n ast.Node) bool {
				if l, ok := n.(*ast.LabeledStmt); ok && l.Label.Name == jump.Label.Name {
					found = l
				}
				return found == nil
			})
			return found
		}
	}
	return nil
}

// source returns the text of an expression.
func (f *file) source(x ast.Expr) string {
	return string(f.text[f.tok.Offset(x.Pos()):f.tok.Offset(x.End())])
}

// calledName returns the name of the function or method that is called, nil if it has none.
func calledName(call *ast.CallExpr) *ast.Ident {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	}
	return nil
}

func isErrorType(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}
