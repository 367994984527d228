package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// What the transaction hangs on decides where a rollback may stand as well: a connection
// that is closed while it is open waits for its end, and a context that was cancelled is
// none to roll back with.

// closers are the methods that give back what a transaction was begun on, and wait for
// its end.
var closers = []string{"Close", "Release"}

// givesBack reports whether a statement closes by hand what the transaction was begun on,
// or cancels the context that its rollback is given.
// Have: conn.Close(), pooled.Release(), cancel()
func (b *begin) givesBack(stmt ast.Stmt) bool {
	var x ast.Expr
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 {
			x = s.Rhs[0]
		}
	case *ast.ReturnStmt:
		return slices.ContainsFunc(s.Results, func(x ast.Expr) bool { return b.closesBase(x) })
	}
	return x != nil && b.closesBase(x)
}

func (b *begin) closesBase(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return slices.Contains(closers, fun.Sel.Name) && b.isBase(fun.X) && !b.rollsBack(call) ||
			unlocks[fun.Sel.Name] != "" && b.calledAbove(fun.X, unlocks[fun.Sel.Name])
	case *ast.Ident:
		return len(call.Args) == 0 && b.takesContext() && b.cancelsContext(b.info.ObjectOf(fun))
	}
	return false
}

// unlocks are the methods that let go of a lock, and those that take it.
var unlocks = map[string]string{"Unlock": "Lock", "RUnlock": "RLock"}

// calledAbove reports whether a method of an expression is called above the Begin: a lock
// that is taken there guards the transaction.
func (b *begin) calledAbove(x ast.Expr, method string) (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		if n == nil || n.Pos() > b.duty.Call.Pos() {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return b.contains(n)
		case *ast.CallExpr:
			sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			found = found || ok && sel.Sel.Name == method && b.same(sel.X, x)
		}
		return !found
	})
	return found
}

// isBase reports whether the Begin was called on an expression, or on a part of it.
func (b *begin) isBase(x ast.Expr) bool {
	fun, ok := ast.Unparen(b.duty.Call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	for base := fun.X; ; {
		if b.same(base, x) {
			return true
		}
		switch e := ast.Unparen(base).(type) {
		case *ast.SelectorExpr:
			base = e.X
		case *ast.CallExpr:
			base = e.Fun
		default:
			return false
		}
	}
}

// takesContext reports whether a rollback is given a context.
func (b *begin) takesContext() bool { return b.duty.Rollbacks[0].Ctx }

// cancelsContext reports whether a variable is the cancel of the context that the rollback
// is given.
// Have: ctx, cancel := context.WithTimeout(parent, time.Second)
func (b *begin) cancelsContext(cancel types.Object) (found bool) {
	ctx := b.contextVariable()
	if cancel == nil || ctx == nil {
		return false
	}
	ast.Inspect(b.duty.Func, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != 2 {
			return !found
		}
		x, isIdent := a.Lhs[0].(*ast.Ident)
		y, both := a.Lhs[1].(*ast.Ident)
		found = found || isIdent && both && b.info.ObjectOf(x) == ctx && b.info.ObjectOf(y) == cancel
		return !found
	})
	return found
}

func isCancel(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 0 && sig.Results().Len() == 0
}

// closedByHand reports whether what the transaction was begun on is closed below a place
// otherwise than by a deferred call: a deferred rollback would come after that.
func (b *begin) closedByHand(below token.Pos) (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.DeferStmt:
			return false
		case ast.Stmt:
			found = found || n.Pos() >= below && b.givesBack(n)
		}
		return !found
	})
	return found
}

// aboveGivingBack returns the first of the statements straight above an exit that give
// back what the transaction was begun on, the exit itself if there are none.
func (b *begin) aboveGivingBack(exit ast.Stmt) ast.Stmt {
	list := stmtList(b.file.parent[exit])
	at := slices.Index(list, exit)
	first := exit
	for i := at - 1; i >= 0; i-- {
		if b.givesBack(list[i]) {
			first = list[i]
		} else if !b.isCleanup(list[i]) {
			break
		}
	}
	return first
}

// isCleanup reports whether a statement only lets go of something.
// Have: mu.Unlock(), rows.Close(), cancel()
func (b *begin) isCleanup(stmt ast.Stmt) bool {
	s, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := ast.Unparen(s.X).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return false
	}
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return slices.Contains([]string{"Close", "Release", "Unlock", "RUnlock", "Done", "Stop"}, fun.Sel.Name) && !b.same(fun.X, b.duty.Handle)
	case *ast.Ident:
		return isCancel(b.info.TypeOf(fun))
	}
	return false
}
