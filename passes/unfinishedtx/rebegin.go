package unfinishedtx

import (
	"go/ast"
	"go/token"
)

// A batch ends its transaction now and then in a loop, and begins the next one in the same
// variable.
// Have: if i%100 == 0 { if err := tx.Commit(); err != nil { return err }; tx, err = db.Begin() }

// beginsAgain reports whether the variable of the handle takes one transaction after the
// other and nothing else, so that whatever is left in it at an exit may be rolled back.
func (b *begin) beginsAgain() bool {
	obj := b.object()
	if obj == nil || !b.private || b.handleIsField() || b.duty.LiveOnErr || !nilable(obj.Type()) {
		return false
	}
	again, only := false, true
	ast.Inspect(b.duty.Func, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, x := range n.Lhs {
				if id, ok := x.(*ast.Ident); !ok || b.info.ObjectOf(id) != obj {
					continue
				}
				switch call := b.callAt(n, i); {
				case call == b.duty.Call:
				case call == nil || !b.isSuchBegin(call):
					only = only && b.allNil(n.Rhs)
				case !b.excludes(call):
					again = again || b.duty.InLoop || len(b.loops(call.Pos())) > 0
				}
			}
		case *ast.UnaryExpr:
			if id := rootIdent(n.X); n.Op == token.AND && id != nil && b.info.ObjectOf(id) == obj {
				only = false
			}
		}
		return only
	})
	return again && only
}

// callAt returns the call that yields the value number i of an assignment, nil if none
// does.
func (b *begin) callAt(a *ast.AssignStmt, i int) *ast.CallExpr {
	rhs := a.Rhs[0]
	if len(a.Rhs) == len(a.Lhs) {
		rhs = a.Rhs[i]
	}
	call, _ := ast.Unparen(rhs).(*ast.CallExpr)
	return call
}

// isSuchBegin reports whether a call is one of the function that the Begin calls.
func (b *begin) isSuchBegin(call *ast.CallExpr) bool {
	x, y := calledName(call), calledName(b.duty.Call)
	return x != nil && y != nil && b.info.ObjectOf(x) == b.info.ObjectOf(y)
}

// excludes reports whether a call and the Begin are in two arms of a branch.
func (b *begin) excludes(call *ast.CallExpr) bool {
	for n := ast.Node(call); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		p := b.file.parent[n]
		if !b.contains(p) {
			continue
		}
		switch p := p.(type) {
		case *ast.IfStmt:
			return n == p.Else || n == ast.Node(p.Body)
		case *ast.BlockStmt:
			_, isClause := n.(*ast.CaseClause)
			return isClause
		}
		return false
	}
	return false
}
