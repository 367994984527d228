package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
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
func (b *begin) takesContext() bool { return len(b.duty.Rollbacks) > 0 && b.duty.Rollbacks[0].Ctx }

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

// aboveWaiting returns the first of the statements straight above a place at which the function
// waits, or lets somebody else go on: what it has open then should be ended before.
// Have: time.Sleep(pause); continue, or mu.Unlock(); return err
func (b *begin) aboveWaiting(at ast.Stmt) ast.Stmt {
	list := stmtList(b.file.parent[at])
	for i := slices.Index(list, at) - 1; i >= 0 && b.waits(list[i]); i-- {
		at = list[i]
	}
	return at
}

func (b *begin) waits(stmt ast.Stmt) bool {
	switch s := stmt.(type) {
	case *ast.SendStmt:
		return b.pureAll([]ast.Expr{s.Chan, s.Value}) && !b.mentions(s)
	case *ast.ExprStmt:
		call, ok := ast.Unparen(s.X).(*ast.CallExpr)
		if !ok || b.mentions(s) {
			return false
		}
		id := calledName(call)
		return id != nil && (id.Name == "Sleep" || b.unlocks(call, id))
	}
	return false
}

// unlocks reports whether a call gives back a lock, under which the transaction is likely to
// have been begun. Where the rollback is one of the program's own, it may want the lock itself.
// Have: mu.Lock(); tx, err := db.Begin(); ...; mu.Unlock()
func (b *begin) unlocks(call *ast.CallExpr, name *ast.Ident) bool {
	if path := b.library(); path == "" || b.duty.Wrapped && path != "database/sql" || len(call.Args) > 0 {
		return false
	}
	return slices.Contains([]string{"unlock", "runlock"}, strings.ToLower(name.Name))
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

// closeLines gives back what the transaction was begun on as well, where the function does
// that by hand before its other exits, and has forgotten it before this one.
// Have: conn, err := pool.Acquire(ctx); ...; conn.Release(); return nil
func (b *begin) closeLines(l *txflow.Leak) []string {
	conn := b.ownBase()
	if l.Kind != txflow.AtReturn && l.Kind != txflow.AtEnd || conn == nil || l.Elsewhere.Unborn || l.Elsewhere.Finished ||
		b.lookup(conn.Name(), l.Pos) != conn || !b.isOnlyCalled(conn) {
		return nil
	}
	if l.Kind == txflow.AtReturn && b.givenBackAbove(b.file.stmtAt(l.Pos)) {
		return nil
	}
	var line string
	ast.Inspect(b.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.DeferStmt:
			return false
		case *ast.ExprStmt, *ast.AssignStmt:
			if line == "" && b.closesConn(n, conn) {
				line = string(b.file.text[b.file.tok.Offset(n.Pos()):b.file.tok.Offset(n.End())])
			}
		}
		return line == ""
	})
	if line == "" {
		return nil
	}
	return []string{line}
}

// ownBase returns the variable of the function's own that the Begin was called on, nil if it
// was called on something else.
func (b *begin) ownBase() *types.Var {
	sel, ok := ast.Unparen(b.duty.Call.Fun).(*ast.SelectorExpr)
	if !ok || b.duty.OnReceiver {
		return nil
	}
	return b.ownVariable(sel.X)
}

// closesConn reports whether a statement does nothing but close a variable.
// Have: conn.Release(), _ = conn.Close()
func (b *begin) closesConn(stmt ast.Node, conn *types.Var) bool {
	var x ast.Expr
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		if len(s.Lhs) != 1 || len(s.Rhs) != 1 || !isBlank(s.Lhs[0]) {
			return false
		}
		x = s.Rhs[0]
	}
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && slices.Contains(closers, sel.Sel.Name) && b.isVariable(sel.X, conn)
}

// isOnlyCalled reports whether a variable is only assigned, compared, and used to call its
// methods, by no deferred call and in no function literal: nobody else closes what it has.
func (b *begin) isOnlyCalled(v *types.Var) bool {
	return b.onlyUsed(v, func(id *ast.Ident) bool {
		if b.isPutOff(id) {
			return false
		}
		switch p := b.file.parent[id].(type) {
		case *ast.SelectorExpr:
			return b.isCallee(p)
		case *ast.BinaryExpr:
			return true
		}
		return b.isAssigned(id)
	})
}

// isPutOff reports whether a node is in a function literal, or in a call that is deferred or
// runs in a goroutine.
func (b *begin) isPutOff(n ast.Node) bool {
	for ; n != nil && n != b.duty.Func; n = b.file.parent[n] {
		switch n.(type) {
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
			return true
		}
	}
	return false
}

// givenBackAbove reports whether what the transaction was begun on is given back between the
// Begin and a statement, on the way to that.
func (b *begin) givenBackAbove(stmt ast.Stmt) bool {
	for n := ast.Node(stmt); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		s, ok := n.(ast.Stmt)
		if !ok {
			continue
		}
		list := stmtList(b.file.parent[s])
		if slices.ContainsFunc(list[:max(0, slices.Index(list, s))], b.givesBack) {
			return true
		}
	}
	return false
}
