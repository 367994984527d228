package unfinishedtx

import (
	"go/ast"
	"go/types"
)

// A function that begins on an object and fails may have begun, or not. What rolls back is called
// on the object then, where the file does so elsewhere: that it does no harm, its author knows.
// Have: defer u.Rollback(); if err := start(ctx, u); err != nil { return err }

// rollsBackFailed reports whether the file calls a rollback where the same function may have begun
// nothing: deferred above its call, or where that has failed.
func (b *begin) rollsBackFailed(fn *types.Func) (found bool) {
	id := calledName(b.duty.Call)
	if id == nil || fn == nil || b.duty.Err == nil || !b.duty.Wrapped || b.isOfBegin(b.duty.Handle) {
		return false
	}
	begins := b.info.Uses[id]
	ast.Inspect(b.file.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok && !found && b.rollbackOf(call) == fn {
			found = b.isDeferredAbove(call, begins) || b.isBehindFailure(call, begins)
		}
		return !found
	})
	return found
}

// isDeferredAbove reports whether a rollback is deferred above a call of a function that begins on
// the same object.
func (b *begin) isDeferredAbove(rollback *ast.CallExpr, begins types.Object) (found bool) {
	stmt, ok := b.file.parent[rollback].(*ast.DeferStmt)
	if !ok {
		return false
	}
	for _, s := range stmtList(b.file.parent[stmt]) {
		if s.Pos() > stmt.End() && !found {
			found = b.callsOn(s, begins, rollback)
		}
	}
	return found
}

// isBehindFailure reports whether a rollback stands where a function that begins on the same
// object has failed.
// Have: if err := begin(o); err != nil { o.Rollback(); return err }
func (b *begin) isBehindFailure(rollback *ast.CallExpr, begins types.Object) bool {
	stmt := b.file.stmtAround(rollback)
	ifs, ok := b.file.parent[b.file.parent[stmt]].(*ast.IfStmt)
	if !ok || b.file.parent[stmt] != ast.Node(ifs.Body) || ifs.Init == nil || !b.callsOn(ifs.Init, begins, rollback) {
		return false
	}
	a, ok := ifs.Init.(*ast.AssignStmt)
	return ok && b.impliesError(ifs.Cond, a.Lhs[len(a.Lhs)-1])
}

// callsOn reports whether a node calls a function on, or with, what a rollback is called on.
func (b *begin) callsOn(n ast.Node, fn types.Object, rollback *ast.CallExpr) (found bool) {
	on, ok := ast.Unparen(rollback.Fun).(*ast.SelectorExpr)
	if !ok || fn == nil {
		return false
	}
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		id := calledName(call)
		if id == nil || b.info.Uses[id] != fn {
			return true
		}
		if sel, isMethod := ast.Unparen(call.Fun).(*ast.SelectorExpr); isMethod {
			found = b.same(sel.X, on.X)
		}
		for _, x := range call.Args {
			found = found || b.same(x, on.X)
		}
		return !found
	})
	return found
}
