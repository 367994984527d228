package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
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

// rootIdent returns the variable at the root of a field path.
func rootIdent(x ast.Expr) *ast.Ident {
	for x != nil {
		switch e := ast.Unparen(x).(type) {
		case *ast.Ident:
			return e
		case *ast.SelectorExpr:
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

// source returns the text of an expression.
func (f *file) source(x ast.Expr) string {
	return string(f.text[f.tok.Offset(x.Pos()):f.tok.Offset(x.End())])
}
