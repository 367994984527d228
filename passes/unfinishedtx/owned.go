package unfinishedtx

import (
	"go/ast"
	"go/types"
)

// A function that begins, or joins what its caller has begun, may tell which by a bool. Where
// its caller ends the transaction under that alone, so does the fix.
// Have: tx, own, err := beginOrJoin(ctx, db)

// owner returns the variable which tells that the transaction is the function's own, nil if
// none is known to.
func (b *begin) owner() *ast.Ident {
	a, ok := b.file.stmtAround(b.duty.Call).(*ast.AssignStmt)
	if !ok || len(a.Rhs) != 1 || ast.Unparen(a.Rhs[0]) != ast.Expr(b.duty.Call) || b.duty.InLoop || b.hasGoto() {
		return nil
	}
	var own *ast.Ident
	for _, x := range a.Lhs {
		id, ok := x.(*ast.Ident)
		if !ok || id.Name == "_" || !isBool(b.info.TypeOf(id)) {
			continue
		}
		if own != nil {
			return nil
		}
		own = id
	}
	if own == nil || b.changesBetween(own, b.duty.Call.End(), b.body().End()) || !b.endsOnlyIf(own) {
		return nil
	}
	return own
}

func isBool(t types.Type) bool {
	return t != nil && types.Identical(t.Underlying(), types.Typ[types.Bool])
}

// endsOnlyIf reports whether the function ends the transaction where a flag is set, and
// nowhere else.
// Have: if own { return tx.Commit() }
func (b *begin) endsOnlyIf(flag *ast.Ident) bool {
	for pos := range b.duty.Endings {
		under := false
		for n := ast.Node(b.file.stmtAt(pos)); n != nil && n != b.duty.Func && !under; n = b.file.parent[n] {
			ifs, ok := b.file.parent[n].(*ast.IfStmt)
			under = ok && n == ast.Node(ifs.Body) && b.same(ifs.Cond, flag)
		}
		if !under {
			return false
		}
	}
	return len(b.duty.Endings) > 0
}
