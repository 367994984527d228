package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
)

// Where a function ends the transaction before other returns, and not by a method of the handle,
// the same call is written before those that leak: it may do more than roll back.
// Have: _ = s.sessions.Abort(ctx, token); return err

// copied returns the edits that end the transaction before each leaking return as the function
// does before another one.
func (b *begin) copied() (all edits) {
	if b.kept() || b.duty.Borrowed || b.duty.Foreign || b.duty.Shared || b.beginsAgain() || b.handsOutMarked() || len(b.children()) > 0 {
		return nil
	}
	for _, l := range b.leaks {
		s := l.Elsewhere
		if l.Kind != txflow.AtReturn || s.Unborn || s.Finished || s.Kept && !b.private || s.Unsure && !b.nearly || b.keepsDependent(l.Pos) {
			return nil
		}
		call := b.endedLikeAt(l.Pos)
		if call == nil {
			return nil
		}
		text := b.file.source(call)
		if strings.Contains(text, "\n") {
			return nil
		}
		if b.info.TypeOf(call) != nil && !isNoValue(b.info.TypeOf(call)) && b.blanks(call) {
			text = "_ = " + text
		}
		all = append(all, b.leave(l, append([]string{text}, b.closeLines(l)...))...)
	}
	return all
}

func isNoValue(t types.Type) bool {
	tuple, ok := t.(*types.Tuple)
	return ok && tuple.Len() == 0
}

// blanks reports whether a call's result is given to something, as a blank, and is not just
// dropped.
func (b *begin) blanks(call *ast.CallExpr) bool {
	_, alone := b.file.parent[call].(*ast.ExprStmt)
	return !alone
}

// endedLikeAt returns a call of the function that rolls back on another path, and would do the
// same at a place; nil if there is none, or a method of the handle does it as well. What is
// called further down, and is nothing that the Begin has yielded, may let go of what the function
// has got hold of in between.
func (b *begin) endedLikeAt(pos token.Pos) (found *ast.CallExpr) {
	byHand := false
	ast.Inspect(b.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			if !b.onlyUndoes(n, n.Lparen) {
				break
			}
			byHand = byHand || b.rollsBack(n)
			isBelow := n.End() > pos && !b.isOfBegin(n.Fun)
			if found == nil && !isBelow && b.isSameCallAt(n, pos) {
				found = n
			}
		}
		return true
	})
	if byHand {
		return nil
	}
	return found
}

// isOfBegin reports whether an expression is a path from one of the results of the Begin.
func (b *begin) isOfBegin(x ast.Expr) bool {
	a, ok := b.file.stmtAround(b.duty.Call).(*ast.AssignStmt)
	id := rootIdent(x)
	return ok && id != nil && slices.ContainsFunc(a.Lhs, func(l ast.Expr) bool { return b.same(l, id) })
}

// endsByOuter reports whether the function calls an exported method of the handle that rolls back
// before other exits. One that is not exported may need what that does around it.
// Have: func (t *Tx) Close() error { t.mu.Lock(); defer t.mu.Unlock(); return t.rollback() }
func (b *begin) endsByOuter() (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		found = ok && sel.Sel.IsExported() && b.same(sel.X, b.duty.Handle) && b.onlyUndoes(call, call.Lparen)
		return !found
	})
	return found
}

// isSameCallAt reports whether a call does the same at a place as where it stands: all that it
// names is that of the Begin in both, and nothing that it is given tells it how to end.
func (b *begin) isSameCallAt(call *ast.CallExpr, pos token.Pos) bool {
	if call.Pos() < b.duty.Call.End() || !b.isSteady(call.Fun, pos) {
		return false
	}
	if t, ok := b.info.TypeOf(call).(*types.Tuple); ok && t.Len() > 0 {
		return false
	}
	for _, x := range call.Args {
		if t := b.info.TypeOf(x); t == nil || isBasicOrError(t) || !b.isSteady(x, pos) {
			return false
		}
	}
	return true
}

// isSteady reports whether an expression is a path of names that mean the same at a place, and
// have had their values since the Begin.
func (b *begin) isSteady(x ast.Expr, pos token.Pos) bool {
	if !b.isPlainAt(x, pos) {
		return false
	}
	steady := true
	ast.Inspect(x, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return steady
		}
		if v, isVar := b.info.Uses[id].(*types.Var); isVar && !v.IsField() {
			steady = steady && !b.changesBetween(id, b.duty.Call.End(), b.body().End())
		}
		return steady
	})
	return steady
}
