package unfinishedtx

import (
	"go/ast"
	"go/token"
	"regexp"
)

// What stands above a place tells how the transaction stands there, where the paths that
// the flow pass has followed do not.

// endingName finds the methods that may end a transaction.
var endingName = regexp.MustCompile(`^(?i:commit|rollback|abort|discard|drop|close|end|finish|release|dispose|done|cleanup)`)

// isOpenAt reports whether nothing that has been executed since the Begin, when a place below
// it is reached, may have ended the transaction.
// Have: sp, err := tx.Begin(ctx); ...; if _, err := sp.Exec(ctx, query); err != nil { continue }
func (b *begin) isOpenAt(pos token.Pos) bool {
	if pos < b.duty.Call.End() || len(b.loops(pos)) != len(b.loops(b.duty.Call.Pos())) || b.hasGoto() {
		return false
	}
	open, known := true, b.aliases()
	ast.Inspect(b.body(), func(n ast.Node) bool {
		if n == nil || n.End() <= b.duty.Call.End() || n.Pos() >= pos {
			return false
		}
		switch n := n.(type) {
		case *ast.DeferStmt:
			return false
		case *ast.Ident:
			open = open && (!known[b.info.Uses[n]] || b.leavesOpen(n))
		}
		return open
	})
	return open
}

// leavesOpen reports whether a use of the transaction's variable does not end that.
func (b *begin) leavesOpen(use *ast.Ident) bool {
	switch p := b.file.parent[use].(type) {
	case *ast.SelectorExpr:
		return b.isCallee(p) && !endingName.MatchString(p.Sel.Name)
	case *ast.BinaryExpr:
		return true
	}
	return false
}

// wasUsed reports whether a method of the handle has been called on the way to a place, which
// a nil would not have survived, and the variable has got no other value since.
// Have: if _, err := tx.Exec(query); err != nil { return err }
func (b *begin) wasUsed(pos token.Pos) bool {
	if b.library() == "" || b.handleIsField() || !nilable(b.info.TypeOf(b.duty.Handle)) || b.hasGoto() {
		return false
	}
	for n := ast.Node(b.file.stmtAt(pos)); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		switch p := b.file.parent[n].(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt:
			if n != ast.Node(p.Init) && n != ast.Node(p.Cond) && b.isUse(p, pos) {
				return true
			}
		}
		for _, s := range stmtList(b.file.parent[n]) {
			if s.Pos() < n.Pos() && b.isUse(s, pos) {
				return true
			}
		}
	}
	return false
}

// isUse reports whether a statement calls a method of the handle before anything else, and
// the variable keeps its value up to a place.
func (b *begin) isUse(stmt ast.Stmt, pos token.Pos) bool {
	return b.usedAtOnce(stmt) && !b.changesBetween(b.duty.Handle, stmt.Pos(), pos)
}
