package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// A helper is a function that rolls back what it is given, and that a file calls.
type helper struct {
	name string // as the file writes it, "" for none
	// tx is which of its parameters is the transaction. Another one is a context.
	tx  int
	ctx bool
}

// helperCall writes the call of the helper for a place, "" if what it needs is not in reach there.
func (b *begin) helperCall(pos token.Pos) string {
	h := b.style.helper
	args := []string{b.handle}
	if h.ctx {
		args = slices.Insert(args, 1-h.tx, b.context(pos))
	}
	if !b.visible(pos, h.name) || slices.Contains(args, "") {
		return ""
	}
	return h.name + "(" + strings.Join(args, ", ") + ")"
}

// helperOf returns a called function of the handle's type, and of a context beside it, that
// rolls back and does nothing else that a fix would bring in.
// Have: rollback(tx), rollback(ctx, tx), finalizeTransaction(tx)
func (b *begin) helperOf(call *ast.CallExpr) (none helper) {
	var name *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = fun
	case *ast.SelectorExpr:
		if id, ok := fun.X.(*ast.Ident); ok && b.isPackage(id) {
			name = fun.Sel
		}
	}
	if name == nil {
		return none
	}
	fn, ok := b.info.Uses[name].(*types.Func)
	if !ok || fn.Signature().Recv() != nil || fn.Signature().Results().Len() > 0 ||
		fn.Signature().TypeParams().Len() > 0 || fn.Signature().Variadic() || len(call.Args) != fn.Signature().Params().Len() {
		return none
	}
	h := helper{name: types.ExprString(call.Fun)}
	switch params := fn.Signature().Params(); {
	case params.Len() == 1:
	case fn.Pkg() != b.pkg: // it may ask the context first
		return none
	case params.Len() == 2 && isContext(params.At(0).Type()):
		h.tx, h.ctx = 1, true
	case params.Len() == 2 && isContext(params.At(1).Type()):
		h.ctx = true
	default:
		return none
	}
	tx := fn.Signature().Params().At(h.tx)
	if !types.Identical(tx.Type(), b.info.TypeOf(b.duty.Handle)) || !b.isPlainRollback(fn, tx) {
		return none
	}
	return h
}

// isHelper reports whether a call is one of such a helper.
func (b *begin) isHelper(call *ast.CallExpr) bool { return b.helperOf(call).name != "" }

// isPlainRollback reports whether a helper rolls back its parameter tx and at most logs. One
// of another package is known by its name alone.
func (b *begin) isPlainRollback(fn *types.Func, tx *types.Var) bool {
	if fn.Pkg() != b.pkg {
		return plainRollbackName.MatchString(fn.Name())
	}
	for _, f := range b.files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && b.info.Defs[d.Name] == types.Object(fn) {
				return d.Body != nil && b.onlyRollsBack(d, tx)
			}
		}
	}
	return false
}

// plainRollbackName is what such a function is called in another package: the name says that
// it rolls back, and nothing of what.
// Have: sqlutil.Rollback(tx), txutil.RollbackTx(tx); but store.RollbackLog(tx)
var plainRollbackName = regexp.MustCompile(`(?i)^(try|must|safe|tx|do)?rollback(tx|txn|transaction|quietly|silently|unlesscommitted|andlog|logged)?$`)

// onlyRollsBack reports whether a function, whatever it is called, rolls back tx, compares it
// and logs, and does nothing else: it neither commits, nor ends the process, nor changes a
// variable of somebody else's, nor waits for a panic.
func (b *begin) onlyRollsBack(fn *ast.FuncDecl, tx *types.Var) bool {
	plain, rolls := true, false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if b.rollbackOf(n) != nil && b.isVariable(ast.Unparen(n.Fun).(*ast.SelectorExpr).X, tx) {
				rolls = true
				return false
			}
			plain = plain && b.onlyTells(n)
		case *ast.AssignStmt:
			plain = plain && !slices.ContainsFunc(n.Lhs, func(x ast.Expr) bool { return !b.isLocal(x, fn) })
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
	return plain && rolls
}

// isLocal reports whether a variable is one of the function itself, or what its caller has given
// it the address of.
// Have: *err = errors.Join(*err, rollbackErr)
func (b *begin) isLocal(x ast.Expr, fn *ast.FuncDecl) bool {
	if star, ok := ast.Unparen(x).(*ast.StarExpr); ok {
		x = star.X
	}
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return false
	}
	obj := b.info.ObjectOf(id)
	return id.Name == "_" || obj != nil && fn.Pos() < obj.Pos() && obj.Pos() < fn.End()
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
	return tellingName.MatchString(id.Name) || strings.EqualFold(id.Name, "cancel") || obj.Pkg() != nil && tellingPackages[obj.Pkg().Path()]
}
