package unfinishedtx

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// helperOf returns the text of a called function of one parameter, of the handle's
// type, that rolls back and does nothing else that a fix would bring in: rollback(tx).
func (b *begin) helperOf(call *ast.CallExpr) string {
	if len(call.Args) != 1 {
		return ""
	}
	var name *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = fun
	case *ast.SelectorExpr:
		if id, ok := fun.X.(*ast.Ident); ok && b.isPackage(id) {
			name = fun.Sel
		}
	}
	if name == nil || !strings.Contains(strings.ToLower(name.Name), "rollback") {
		return ""
	}
	fn, ok := b.info.Uses[name].(*types.Func)
	if !ok || fn.Signature().Recv() != nil || fn.Signature().Results().Len() > 0 ||
		fn.Signature().TypeParams().Len() > 0 || fn.Signature().Variadic() ||
		!types.Identical(fn.Signature().Params().At(0).Type(), b.info.TypeOf(b.duty.Handle)) || !b.isPlainRollback(fn) {
		return ""
	}
	return types.ExprString(call.Fun)
}

// isPlainRollback reports whether a helper rolls back and at most logs. One of another
// package is known by its name alone.
func (b *begin) isPlainRollback(fn *types.Func) bool {
	if fn.Pkg() != b.pkg {
		return !strings.Contains(strings.ToLower(fn.Name()), "commit")
	}
	for _, f := range b.files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && b.info.Defs[d.Name] == types.Object(fn) {
				return d.Body != nil && b.onlyRollsBack(d.Body, fn.Signature().Params().At(0))
			}
		}
	}
	return false
}

// onlyRollsBack reports whether statements roll back tx, compare it and log, and do
// nothing else: they neither commit, nor end the process, nor change a variable of
// somebody else's, nor wait for a panic.
func (b *begin) onlyRollsBack(body *ast.BlockStmt, tx *types.Var) bool {
	plain := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if b.rollbackOf(n) != nil && b.isVariable(ast.Unparen(n.Fun).(*ast.SelectorExpr).X, tx) {
				return false
			}
			plain = plain && b.onlyTells(n)
		case *ast.AssignStmt:
			plain = plain && !slices.ContainsFunc(n.Lhs, func(x ast.Expr) bool { return !b.isLocal(x, body) })
		case *ast.BinaryExpr:
			if b.isVariable(n.X, tx) && b.isNil(n.Y) || b.isVariable(n.Y, tx) && b.isNil(n.X) {
				return false
			}
		case *ast.Ident:
			plain = plain && b.info.Uses[n] != types.Object(tx)
		case *ast.GoStmt, *ast.SendStmt, *ast.IncDecStmt:
			plain = false
		}
		return plain
	})
	return plain
}

// isLocal reports whether a variable is declared in a body.
func (b *begin) isLocal(x ast.Expr, body *ast.BlockStmt) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return false
	}
	obj := b.info.ObjectOf(id)
	return id.Name == "_" || obj != nil && body.Pos() < obj.Pos() && obj.Pos() < body.End()
}

var (
	tellingName = regexp.MustCompile(`(?i)^(log|print|sprint|fprint|debug|info|notice|warn|err|trace|is$|as$|with|string$)`)
	// tellingPackages log, and look into errors.
	tellingPackages = map[string]bool{"log": true, "log/slog": true, "fmt": true, "errors": true}
)

// onlyTells reports whether a call logs or looks into an error, as far as its name
// shows, and comes back.
func (b *begin) onlyTells(call *ast.CallExpr) bool {
	if _, isLit := ast.Unparen(call.Fun).(*ast.FuncLit); isLit || b.info.Types[call.Fun].IsType() {
		return true // what is in it is looked at
	}
	id := calledName(call)
	if id == nil || fatalName.MatchString(id.Name) {
		return false
	}
	obj := b.info.Uses[id]
	if _, isBuiltin := obj.(*types.Builtin); isBuiltin || obj == nil {
		return false
	}
	return tellingName.MatchString(id.Name) || obj.Pkg() != nil && tellingPackages[obj.Pkg().Path()]
}
