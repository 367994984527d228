package unfinishedtx

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/txcheck/txcheck/internal/txflow"
)

// Some libraries put an error into the handle that a call fails on, and gorm's Commit
// returns that handle. A rollback of what has been committed fails, so that it must not come
// where somebody else still looks at the handle: for him the commit would have failed.

// marks reports whether a rollback that comes too often leaves its error in the handle.
// Have: func (db *DB) Rollback() *DB
func (b *begin) marks() bool {
	return slices.ContainsFunc(b.duty.Rollbacks, func(r txflow.Rollback) bool {
		if r.Silent || r.Func == nil || r.On != nil {
			return false
		}
		sig := r.Func.Signature()
		return sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), sig.Recv().Type())
	})
}

// handsOutMarked reports whether a rollback may leave an error in a handle that the function
// has returned, or has put where others find it, by a statement below the Begin.
// Have: return tx.Commit()
func (b *begin) handsOutMarked() (found bool) {
	if !b.marks() {
		return false
	}
	ast.Inspect(b.body(), func(n ast.Node) bool {
		if n == nil || n.End() <= b.duty.Call.End() {
			return false
		}
		switch n := n.(type) {
		case *ast.ReturnStmt:
			found = found || b.returnsHandle(n)
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				_, isVariable := ast.Unparen(l).(*ast.Ident)
				found = found || !isVariable && b.leadsToHandle(n.Rhs[min(i, len(n.Rhs)-1)])
			}
		case *ast.SendStmt:
			found = found || b.leadsToHandle(n.Value)
		case *ast.CallExpr:
			if id := calledName(n); id != nil && id.Name == "append" && b.info.Types[n.Fun].IsBuiltin() {
				found = found || slices.ContainsFunc(n.Args[1:], b.leadsToHandle)
			}
		}
		return !found
	})
	return found
}

func (b *begin) returnsHandle(s *ast.ReturnStmt) bool {
	if len(s.Results) == 0 {
		return slices.ContainsFunc(b.namedResults(), func(t types.Type) bool { return b.holdsHandle(t, maxHandleDepth) })
	}
	return slices.ContainsFunc(s.Results, b.leadsToHandle)
}

// leadsToHandle reports whether the value of an expression has a handle of the transaction.
func (b *begin) leadsToHandle(x ast.Expr) bool {
	return b.mentionsAny(x, b.aliases()) &&
		slices.ContainsFunc(b.resultTypes(x), func(t types.Type) bool { return b.holdsHandle(t, maxHandleDepth) })
}

// maxHandleDepth is how many types inside one another are looked into for a handle.
const maxHandleDepth = 4

// holdsHandle reports whether values of a type may have a handle like that of the Begin.
func (b *begin) holdsHandle(t types.Type, depth int) bool {
	handle := b.info.TypeOf(b.duty.Handle)
	if t == nil || handle == nil || depth == 0 {
		return false
	}
	if types.Identical(t, handle) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return !isErrorType(t) && types.Implements(handle, u)
	case *types.Pointer:
		return b.holdsHandle(u.Elem(), depth-1)
	case *types.Slice:
		return b.holdsHandle(u.Elem(), depth-1)
	case *types.Map:
		return b.holdsHandle(u.Elem(), depth-1)
	case *types.Struct:
		for v := range u.Fields() {
			if b.holdsHandle(v.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}
