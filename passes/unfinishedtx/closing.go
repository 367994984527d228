package unfinishedtx

import (
	"go/ast"
	"go/types"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A session on which transactions are begun is closed by a deferred call right below the
// statement that made it: that ends what is open then, and gives the session back.
// Have: sess := engine.NewSession(); defer sess.Close(); if err := sess.Begin(); err != nil { ... }

// closing returns the edit that defers the Close of the receiver of the Begin, nil where it
// has none or is not the function's own.
func (b *begin) closing() edits {
	r, made := b.closeOfReceiver(), b.makerOfReceiver()
	if r == nil || made == nil || len(b.loops(made.Pos())) > 0 || b.hasGoto() || b.reassigned(true, b.body().End()) {
		return nil
	}
	call := "defer " + b.callWith(r, "")
	if r.Fails && b.style.blank > b.style.bare && b.style.direct[r.Func] == 0 {
		call = "defer func() { _ = " + b.callWith(r, "") + " }()"
	}
	gone, lines := b.moved(b.file.parent[made], made.End(), call)
	e := b.file.behind(made.End(), b.file.indent(made.Pos()), lines)
	if e == nil {
		return nil
	}
	return append(gone, *e)
}

// closeOfReceiver returns the Close of the receiver that rolls back what is open and does
// nothing else, nil if there is none or the file defers another rollback.
func (b *begin) closeOfReceiver() (found *txflow.Rollback) {
	if !b.duty.OnReceiver || b.duty.Wrapped || b.handleIsField() || !b.staysHere() {
		return nil
	}
	others := 0
	for i := range b.duty.Rollbacks {
		switch r := &b.duty.Rollbacks[i]; {
		case r.Func == nil:
		case r.Func.Name() == "Close" && r.Silent && r.Path == "" && !r.Ctx && !r.Decided:
			found = r
		default:
			others += b.style.direct[r.Func] + b.style.closures[r.Func]
		}
	}
	if found != nil && others > b.style.direct[found.Func]+b.style.closures[found.Func] {
		return nil
	}
	return found
}

// staysHere reports whether the variable of the handle is only assigned, compared, given to
// functions, and used to call its methods, which no function literal does that somebody may
// keep.
func (b *begin) staysHere() bool {
	return b.onlyUsed(b.object(), func(id *ast.Ident) bool {
		if b.inLiteral(id) {
			return false
		}
		switch b.file.parent[id].(type) {
		case *ast.SelectorExpr, *ast.BinaryExpr, *ast.CallExpr:
			return true
		}
		return b.isAssigned(id)
	})
}

// makerOfReceiver returns the statement that declares the receiver with what a function of
// the library has made, in a list around the Begin.
// Have: sess := engine.NewSession()
func (b *begin) makerOfReceiver() ast.Stmt {
	for n := ast.Node(b.duty.Call); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		for _, stmt := range stmtList(n) {
			a, ok := stmt.(*ast.AssignStmt)
			if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 || !b.declares(a) {
				continue
			}
			call, ok := ast.Unparen(a.Rhs[0]).(*ast.CallExpr)
			if !ok || !b.isMadeBy(call) {
				return nil
			}
			return a
		}
	}
	return nil
}

// isMadeBy reports whether a call is one of the library, and not of a method of another
// receiver like that of the Begin.
func (b *begin) isMadeBy(call *ast.CallExpr) bool {
	id := calledName(call)
	if id == nil {
		return false
	}
	fn, ok := b.info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != b.library() {
		return false
	}
	recv := fn.Signature().Recv()
	return recv == nil || !types.Identical(recv.Type(), b.info.TypeOf(b.duty.Handle))
}
