package txflow

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/txcheck/txcheck/internal/protocol"
)

// boundExpr returns the expression for the context whose end rolls back what a call
// begins, nil if there is none in view (T9).
func (f *flow) boundExpr(src *source, m *machine, call *ast.CallExpr) ast.Expr {
	o := m.ob.open
	switch {
	case o == nil:
		return nil
	case m.ob.origin != m.ob.call:
		return argument(src, call, f.ctxOf(m.ob.call))
	case m.ob.wrapped != nil:
		return argument(src, call, m.ob.ctx)
	case !o.CancelFinishes:
	case o.CtxOfRecv:
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return f.carriedExpr(src, sel.X, 4)
		}
	case o.Ctx >= 0 && o.Ctx < len(call.Args):
		return call.Args[o.Ctx]
	}
	return nil
}

// ctxOf returns the parameter that is the context of what a call of a function of this
// package begins, nil if there is none or it begins several.
func (f *flow) ctxOf(call *ssa.Call) *Spot {
	fn := call.Call.StaticCallee()
	if fn == nil || len(fn.Blocks) == 0 {
		return nil
	}
	if begins := f.analyze(fn).begins; len(begins) == 1 {
		return begins[0].Ctx
	}
	return nil
}

// argument returns the argument of a call that is a parameter of the callee, among
// which the receiver counts.
func argument(src *source, call *ast.CallExpr, at *Spot) ast.Expr {
	if at == nil || at.Result || at.Path != "" {
		return nil
	}
	i := at.Index
	if fn, ok := typeutil.Callee(src.info, call).(*types.Func); ok && fn.Signature().Recv() != nil {
		i--
	}
	if i < 0 || i >= len(call.Args) {
		return nil
	}
	return call.Args[i]
}

// carriedExpr returns the context that a value carries since one of the last depth
// calls that gave it another name. Have: db.WithContext(r.Context()).Where(...)
func (f *flow) carriedExpr(src *source, x ast.Expr, depth int) ast.Expr {
	if depth == 0 {
		return nil
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		fn, isFunc := typeutil.Callee(src.info, x).(*types.Func)
		if !ok || !isFunc {
			return nil
		}
		role := f.protocols.Role(fn)
		if role == nil || role.Alias == nil {
			return nil
		}
		if ctx := given(x, role.Alias.Ctx); ctx != nil {
			return ctx
		}
		return f.carriedExpr(src, sel.X, depth-1)
	case *ast.Ident:
		if from := src.onlyValue(src.info.ObjectOf(x)); from != nil {
			return f.carriedExpr(src, from, depth-1)
		}
	}
	return nil
}

// given returns what a call is given at a place: an argument, or a field of a literal
// that is one. Have: db.Session(&gorm.Session{Context: ctx})
func given(call *ast.CallExpr, at protocol.Place) ast.Expr {
	if at.Kind != protocol.Arg || at.Index >= len(call.Args) {
		return nil
	}
	x := ast.Unparen(call.Args[at.Index])
	for _, name := range at.Path {
		if u, ok := x.(*ast.UnaryExpr); ok {
			x = ast.Unparen(u.X)
		}
		lit, ok := x.(*ast.CompositeLit)
		if !ok {
			return nil
		}
		x = nil
		for _, e := range lit.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
				x = ast.Unparen(kv.Value)
			}
		}
	}
	return x
}

// onlyValue returns what a variable is assigned, where that is one expression.
func (src *source) onlyValue(obj types.Object) (from ast.Expr) {
	times := 0
	ast.Inspect(src.root, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, l := range a.Lhs {
			if id, ok := l.(*ast.Ident); ok && obj != nil && src.info.ObjectOf(id) == obj {
				times++
				if from = nil; len(a.Lhs) == len(a.Rhs) {
					from = a.Rhs[i]
				}
			}
		}
		return true
	})
	if times != 1 {
		return nil
	}
	return from
}
