package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// decided ends a transaction whose handle is told how by an error, before a return of
// one: what is returned as a success would be committed, and gets no fix.
// Have: end := sqlitex.Save(conn); ...; end(&err)
func (b *begin) decided(l *txflow.Leak) edits {
	ret, ok := b.file.stmtAt(l.Pos).(*ast.ReturnStmt)
	if !ok || l.Kind != txflow.AtReturn || len(ret.Results) == 0 || !b.inScope(l.Pos) ||
		l.Elsewhere.Unborn && !b.bornAt(l.Pos) || l.Elsewhere.Finished && !b.duty.Rollbacks[0].Repeats || !b.pureAll(ret.Results) {
		return nil
	}
	x := ast.Unparen(ret.Results[len(ret.Results)-1])
	if !isError(b.info, b.duty.Func) {
		return nil
	}
	if id, ok := x.(*ast.Ident); ok && b.isTested(id, ret) {
		return single(b.file.before(ret.Pos(), []string{b.handle + "(&" + id.Name + ")"}))
	}
	if !b.isFailure(x) {
		return nil
	}
	name := b.freeName("err")
	e := b.file.before(ret.Pos(), []string{name + " := " + b.file.source(x), b.handle + "(&" + name + ")"})
	if e == nil {
		return nil
	}
	return edits{*e, analysis.TextEdit{Pos: x.Pos(), End: x.End(), NewText: []byte(name)}}
}

// isTested reports whether a return is all that the body of an if statement does which
// has found a variable of the function not to be nil.
func (b *begin) isTested(id *ast.Ident, ret *ast.ReturnStmt) bool {
	v, ok := b.info.Uses[id].(*types.Var)
	block, isBlock := b.file.parent[ret].(*ast.BlockStmt)
	if !ok || v.Parent() == b.pkg.Scope() || !isBlock || block.List[0] != ast.Stmt(ret) {
		return false
	}
	ifs, ok := b.file.parent[block].(*ast.IfStmt)
	if !ok || ifs.Body != block {
		return false
	}
	cmp, ok := ast.Unparen(ifs.Cond).(*ast.BinaryExpr)
	if !ok || cmp.Op != token.NEQ || !b.isNil(cmp.Y) {
		return false
	}
	tested, ok := ast.Unparen(cmp.X).(*ast.Ident)
	return ok && b.info.Uses[tested] == types.Object(v)
}

// makers are functions whose error is never nil.
var makers = map[string]bool{"errors.New": true, "fmt.Errorf": true}

// isFailure reports whether an expression is an error that is not nil: one made here, or
// a variable of the package that stands for one.
func (b *begin) isFailure(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		fn, ok := b.info.Uses[sel.Sel].(*types.Func)
		return ok && makers[fn.FullName()]
	case *ast.Ident:
		return b.isSentinel(x)
	}
	return false
}

// isSentinel reports whether a variable of the package, declared in this file, is made
// from a text and never assigned here.
func (b *begin) isSentinel(id *ast.Ident) bool {
	obj, ok := b.info.Uses[id].(*types.Var)
	if !ok || obj.Parent() != b.pkg.Scope() || obj.Exported() {
		return false
	}
	made, changed := false, false
	ast.Inspect(b.file.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if b.info.Defs[name] == types.Object(obj) && len(n.Values) == len(n.Names) {
					made = b.isFailure(n.Values[i])
				}
			}
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				changed = changed || b.isVariable(l, obj)
			}
		case *ast.UnaryExpr:
			changed = changed || n.Op == token.AND && b.isVariable(n.X, obj)
		}
		return true
	})
	return made && !changed
}

func (b *begin) isVariable(x ast.Expr, v *types.Var) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && b.info.Uses[id] == types.Object(v)
}
