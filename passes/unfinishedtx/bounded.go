package unfinishedtx

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/txcheck/txcheck/internal/txflow"
)

// bounded reports whether the context of a transaction is cancelled when a request
// or the function itself ends, which rolls back.
func bounded(info *types.Info, d *txflow.Duty) bool {
	if d == nil || d.Bound == nil {
		return false
	}
	origin := &origin{info: info, fn: d.Func, soon: make(map[types.Object]bool)}
	return origin.endsSoon(d.Bound)
}

// An origin is a search for where a context comes from.
type origin struct {
	info *types.Info
	fn   ast.Node
	// soon is what was found out of variables, false of those that are being asked about.
	soon map[types.Object]bool
}

func (o *origin) endsSoon(ctx ast.Expr) bool {
	switch x := ast.Unparen(ctx).(type) {
	case *ast.CallExpr:
		sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		callee, ok := o.info.Uses[sel.Sel].(*types.Func)
		if !ok {
			return false
		}
		if callee.FullName() == "(*net/http.Request).Context" {
			return true
		}
		// Have: context.WithValue(r.Context(), key, value)
		return callee.Pkg() != nil && callee.Pkg().Path() == "context" && len(x.Args) > 0 &&
			callee.Name() != "WithoutCancel" && o.endsSoon(x.Args[0])
	case *ast.Ident:
		return o.variableEndsSoon(o.info.ObjectOf(x))
	}
	return false
}

// addsTo reports whether a context is that of a variable with a value added.
// Have: ctx = context.WithValue(ctx, key, value)
func (o *origin) addsTo(ctx ast.Expr, obj types.Object) bool {
	call, ok := ast.Unparen(ctx).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	fn, ok := typeutil.Callee(o.info, call).(*types.Func)
	if !ok || fn.FullName() != "context.WithValue" {
		return false
	}
	id, ok := ast.Unparen(call.Args[0]).(*ast.Ident)
	return ok && o.info.ObjectOf(id) == obj || o.addsTo(call.Args[0], obj)
}

// variableEndsSoon demands it of everything that is assigned to a variable.
func (o *origin) variableEndsSoon(obj types.Object) bool {
	if soon, asked := o.soon[obj]; asked {
		return soon
	}
	o.soon[obj] = false
	assigned, all := false, true
	ast.Inspect(o.fn, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, l := range a.Lhs {
			id, ok := l.(*ast.Ident)
			if !ok || obj == nil || o.info.ObjectOf(id) != obj {
				continue
			}
			from := a.Rhs[min(i, len(a.Rhs)-1)]
			if o.addsTo(from, obj) {
				continue
			}
			assigned = true
			all = all && (o.cancelDeferred(a) || o.endsSoon(from))
		}
		return true
	})
	o.soon[obj] = assigned && all
	return o.soon[obj]
}

// Have: ctx, cancel := context.WithCancel(parent), and somewhere defer cancel()
func (o *origin) cancelDeferred(a *ast.AssignStmt) (found bool) {
	call, ok := a.Rhs[0].(*ast.CallExpr)
	if !ok || len(a.Lhs) != 2 {
		return false
	}
	if fn, ok := typeutil.Callee(o.info, call).(*types.Func); !ok || fn.Pkg() == nil || fn.Pkg().Path() != "context" {
		return false
	}
	cancel, ok := a.Lhs[1].(*ast.Ident)
	if !ok {
		return false
	}
	ast.Inspect(o.fn, func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok {
			id, ok := ast.Unparen(d.Call.Fun).(*ast.Ident)
			found = found || ok && o.info.ObjectOf(id) == o.info.ObjectOf(cancel)
		}
		return true
	})
	return found
}
