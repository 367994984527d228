package unfinishedtx

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A style is how a file writes rollbacks.
type style struct {
	direct   map[*types.Func]int // defer tx.Rollback()
	closures map[*types.Func]int // defer func() { _ = tx.Rollback() }()
	blank    int                 // _ = tx.Rollback()
	bare     int                 // tx.Rollback()
	closes   int                 // tx.Close(), whose error nobody looks at
	helper   helper              // rollback(tx)
	deferred bool                // it is deferred somewhere
}

// styleOf reads how the file of b rolls back what b.duty.Handle's type holds.
func (b *begin) styleOf() *style {
	s := &style{direct: make(map[*types.Func]int), closures: make(map[*types.Func]int)}
	if b.inContext() {
		return s
	}
	inClosure := make(map[ast.Node]bool)
	ast.Inspect(b.file.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			if fn := b.rollbackOf(n.Call); fn != nil {
				s.direct[fn]++
			} else if stmt := onlyStmt(n.Call); stmt != nil {
				if fn := b.blankRollback(stmt); fn != nil {
					s.closures[fn]++
					inClosure[stmt] = true
				}
			} else if h := b.helperOf(n.Call); h.name != "" {
				s.helper, s.deferred = h, true
			}
		case *ast.AssignStmt:
			if b.blankRollback(n) != nil && !inClosure[n] {
				s.blank++
			}
		case *ast.ExprStmt:
			if call, ok := n.X.(*ast.CallExpr); ok {
				if fn := b.rollbackOf(call); fn != nil && fn.Name() == "Close" {
					s.closes++
				} else if fn != nil {
					s.bare++
				} else if h := b.helperOf(call); h.name != "" && s.helper.name == "" {
					s.helper = h
				}
			}
		}
		return true
	})
	return s
}

// rollbackOf returns the method, if the call is one of b's rollbacks.
func (b *begin) rollbackOf(x ast.Expr) *types.Func {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	for _, r := range b.duty.Rollbacks {
		if b.info.Uses[sel.Sel] == r.Func {
			return r.Func
		}
	}
	return nil
}

// Have: _ = tx.Rollback()
func (b *begin) blankRollback(stmt ast.Stmt) *types.Func {
	a, ok := stmt.(*ast.AssignStmt)
	if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
		return nil
	}
	if id, ok := a.Lhs[0].(*ast.Ident); !ok || id.Name != "_" {
		return nil
	}
	return b.rollbackOf(a.Rhs[0])
}

// onlyStmt returns the one statement of a literal that is called.
func onlyStmt(call *ast.CallExpr) ast.Stmt {
	lit, ok := call.Fun.(*ast.FuncLit)
	if !ok || len(lit.Body.List) != 1 {
		return nil
	}
	return lit.Body.List[0]
}

func (b *begin) isPackage(id *ast.Ident) bool {
	_, ok := b.info.Uses[id].(*types.PkgName)
	return ok
}

// callsByHand reports whether the function ends the transaction by a method on other paths.
func (b *begin) callsByHand(fn *types.Func) (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			return false
		case *ast.CallExpr:
			found = found || b.rollbackOf(n) == fn && b.rollsBack(n)
		}
		return !found
	})
	return fn != nil && found
}

// choose returns the rollback to write, nil if there is none. Twice: it may be
// called on a finished transaction. Deferred: the file's own choice, or one that is
// silent then, is better; else what the function calls on other paths.
func (b *begin) choose(twice, deferred bool) *txflow.Rollback {
	var best *txflow.Rollback
	rank := func(r *txflow.Rollback) int {
		n := 0
		if deferred && r.Silent && r.Func != nil && strings.Contains(r.Func.Name(), "Rollback") {
			n++
		}
		if deferred && b.style.direct[r.Func]+b.style.closures[r.Func] > 0 {
			n += 2
		}
		if !deferred && b.callsByHand(r.Func) {
			n += 2
		}
		if r.Path == "" && b.plan == exiting {
			n++
		}
		return n
	}
	for i := range b.duty.Rollbacks {
		r := &b.duty.Rollbacks[i]
		if twice && (!r.Repeats || b.duty.Level == savepoint) || (deferred || b.plan == naming) && (r.Path != "" || r.Decided) {
			continue
		}
		if best == nil || rank(r) > rank(best) {
			best = r
		}
	}
	return best
}
