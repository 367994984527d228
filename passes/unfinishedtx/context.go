package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Where a rollback is given a context, it is the one that the function ends or uses the
// transaction with: that of the Begin may be for the Begin alone, and over by then.
// Have: short, cancel := context.WithTimeout(ctx, time.Second); tx, err := pool.Begin(short); cancel()

// context returns the context for a rollback at a place, "" if none is in reach there.
func (b *begin) context(pos token.Pos) string {
	for _, x := range []ast.Expr{b.contextExpr(), b.duty.Ctx} {
		if x != nil && b.isPlainAt(x, pos) {
			return types.ExprString(x)
		}
	}
	if b.duty.Ctx != nil {
		return ""
	}
	return b.parameter(pos)
}

// contextExpr returns the context that the transaction is committed with, or else last used
// with, if it means the same right behind the Begin; that of the Begin otherwise, nil if that
// has none.
func (b *begin) contextExpr() ast.Expr {
	commits, uses := b.contextsGiven()
	list := commits
	if len(list) == 0 {
		list = uses
	}
	reach := b.file.stmtAround(b.duty.Call).End()
	list = slices.DeleteFunc(list, func(x ast.Expr) bool {
		return !b.isPlainAt(x, reach) || b.changesBetween(x, reach, x.Pos())
	})
	isBegins := func(x ast.Expr) bool { return b.duty.Ctx != nil && types.ExprString(x) == types.ExprString(b.duty.Ctx) }
	if len(list) == 0 || slices.ContainsFunc(list, isBegins) {
		return b.duty.Ctx
	}
	return list[len(list)-1]
}

// contextsGiven returns the contexts that the commits and other methods of the transaction
// are given, in order. A rollback may have one for its own use.
func (b *begin) contextsGiven() (commits, uses []ast.Expr) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Pos() < b.duty.Call.End() || len(call.Args) == 0 || !isContext(b.info.TypeOf(call.Args[0])) {
			return true
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		switch {
		case !ok || !b.same(sel.X, b.duty.Handle) || b.rollbackOf(call) != nil:
		case strings.HasPrefix(sel.Sel.Name, "Commit"):
			commits = append(commits, call.Args[0])
		default:
			uses = append(uses, call.Args[0])
		}
		return true
	})
	return commits, uses
}

// changesBetween reports whether a variable of an expression gets another value between two
// places.
func (b *begin) changesBetween(x ast.Expr, from, to token.Pos) bool {
	return b.assignsBetween(from, to, func(l ast.Expr) bool {
		id, ok := ast.Unparen(l).(*ast.Ident)
		return ok && b.mentionsAny(x, map[types.Object]bool{b.info.ObjectOf(id): true})
	})
}

// assignsBetween reports whether what is such a variable may get another value between two
// places.
func (b *begin) assignsBetween(from, to token.Pos, is func(ast.Expr) bool) (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		if n != nil && from <= n.Pos() && n.Pos() < to {
			found = found || mayChange(n, is)
		}
		return !found
	})
	return found
}

// isPlainAt reports whether an expression is a path of names, or a call of one without
// arguments, and means the same at a place.
// Have: ctx, r.Context(), context.Background()
func (b *begin) isPlainAt(x ast.Expr, pos token.Pos) bool {
	plain := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			plain = plain && len(n.Args) == 0
		case *ast.SelectorExpr:
			ast.Inspect(n.X, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					plain = plain && b.resolves(id, pos)
				}
				return true
			})
			return true
		case *ast.Ident:
			if _, isField := b.file.parent[n].(*ast.SelectorExpr); !isField {
				plain = plain && b.resolves(n, pos)
			}
		case *ast.ParenExpr, nil:
		default:
			plain = false
		}
		return plain
	})
	return plain
}

// contextVariable returns the variable that has the context which the rollback is given,
// nil if that is none.
func (b *begin) contextVariable() types.Object {
	if id, ok := b.contextExpr().(*ast.Ident); ok {
		return b.info.ObjectOf(id)
	}
	return nil
}

// parameter returns the name of the first parameter that is a context, of the
// function that owes the end.
func (b *begin) parameter(pos token.Pos) string {
	var list *ast.FieldList
	switch f := b.duty.Func.(type) {
	case *ast.FuncDecl:
		list = f.Type.Params
	case *ast.FuncLit:
		list = f.Type.Params
	}
	for _, field := range list.List {
		for _, name := range field.Names {
			if isSomeContext(b.info.TypeOf(name)) && name.Name != "_" && b.resolves(name, pos) {
				return name.Name
			}
		}
	}
	return ""
}

func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// isSomeContext reports whether a type is that of contexts, or one of those that can do more.
// Have: func(ctx mongo.SessionContext) error
func isSomeContext(t types.Type) bool {
	if isContext(t) || t == nil {
		return t != nil
	}
	iface, ok := t.Underlying().(*types.Interface)
	return ok && slices.ContainsFunc(slices.Collect(iface.EmbeddedTypes()), isContext)
}
