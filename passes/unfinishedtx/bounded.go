package unfinishedtx

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
)

// bounded reports whether the context of a transaction is cancelled when a request
// or the function itself ends, which rolls back.
func bounded(info *types.Info, d *txflow.Duty) bool {
	return d != nil && d.Bound != nil && endsSoon(info, d.Func, d.Bound, 4)
}

// endsSoon looks for where a context comes from, over at most depth assignments.
func endsSoon(info *types.Info, fn ast.Node, ctx ast.Expr, depth int) bool {
	if depth == 0 {
		return false
	}
	switch x := ast.Unparen(ctx).(type) {
	case *ast.CallExpr:
		sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		callee, ok := info.Uses[sel.Sel].(*types.Func)
		if !ok {
			return false
		}
		if callee.FullName() == "(*net/http.Request).Context" {
			return true
		}
		// Have: context.WithValue(r.Context(), key, value)
		return callee.Pkg() != nil && callee.Pkg().Path() == "context" && len(x.Args) > 0 &&
			callee.Name() != "WithoutCancel" && endsSoon(info, fn, x.Args[0], depth-1)
	case *ast.Ident:
		return variableEndsSoon(info, fn, info.ObjectOf(x), depth)
	}
	return false
}

// variableEndsSoon demands it of everything that is assigned to a variable.
func variableEndsSoon(info *types.Info, fn ast.Node, obj types.Object, depth int) bool {
	assigned, all := false, true
	ast.Inspect(fn, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, l := range a.Lhs {
			id, ok := l.(*ast.Ident)
			if !ok || obj == nil || info.ObjectOf(id) != obj {
				continue
			}
			from := a.Rhs[min(i, len(a.Rhs)-1)]
			assigned = true
			all = all && (cancelDeferred(info, fn, a) || endsSoon(info, fn, from, depth-1))
		}
		return true
	})
	return assigned && all
}

// Have: ctx, cancel := context.WithCancel(parent), and somewhere defer cancel()
func cancelDeferred(info *types.Info, fn ast.Node, a *ast.AssignStmt) (found bool) {
	call, ok := a.Rhs[0].(*ast.CallExpr)
	if !ok || len(a.Lhs) != 2 || !strings.HasPrefix(types.ExprString(call.Fun), "context.With") {
		return false
	}
	cancel, ok := a.Lhs[1].(*ast.Ident)
	if !ok {
		return false
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok {
			id, ok := ast.Unparen(d.Call.Fun).(*ast.Ident)
			found = found || ok && info.ObjectOf(id) == info.ObjectOf(cancel)
		}
		return true
	})
	return found
}
