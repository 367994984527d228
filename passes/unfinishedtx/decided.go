package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// decided ends a transaction whose end is told how by an error, before a return behind
// one: what is returned as a success would be committed, and gets no fix.
// Have: end := sqlitex.Save(conn); ...; end(&err)
func (b *begin) decided(l *txflow.Leak) edits {
	ret, ok := b.file.stmtAt(l.Pos).(*ast.ReturnStmt)
	if !ok || l.Kind != txflow.AtReturn || !b.inScope(l.Pos) ||
		l.Elsewhere.Unborn && !b.bornAt(l.Pos) || l.Elsewhere.Finished && !b.duty.Rollbacks[0].Repeats || !b.pureAll(ret.Results) {
		return nil
	}
	if err := b.testedError(ret); err != nil {
		return single(b.file.before(ret.Pos(), []string{b.endBy(err.Name)}))
	}
	if len(ret.Results) == 0 || !isError(b.info, b.duty.Func) {
		return nil
	}
	x := ast.Unparen(ret.Results[len(ret.Results)-1])
	if !b.isFailure(x) {
		return nil
	}
	if id, ok := x.(*ast.Ident); ok && !b.duty.Rollbacks[0].ByPointer {
		return single(b.file.before(ret.Pos(), []string{b.endBy(id.Name)}))
	}
	name := b.freeName("err")
	e := b.file.before(ret.Pos(), []string{name + " := " + b.file.source(x), b.endBy(name)})
	if e == nil {
		return nil
	}
	return edits{*e, analysis.TextEdit{Pos: x.Pos(), End: x.End(), NewText: []byte(name)}}
}

// endBy writes the call that is told by the error of that name how to end.
func (b *begin) endBy(err string) string {
	r := &b.duty.Rollbacks[0]
	if r.ByPointer {
		err = "&" + err
	}
	return b.asStatement(r, b.callWith(r, err))
}

// testedError returns the variable of the function that an if statement has found to be
// an error, where the return is in its body and nothing there changes it.
func (b *begin) testedError(ret *ast.ReturnStmt) *ast.Ident {
	block, isBlock := b.file.parent[ret].(*ast.BlockStmt)
	if !isBlock {
		return nil
	}
	ifs, ok := b.file.parent[block].(*ast.IfStmt)
	if !ok || ifs.Body != block {
		return nil
	}
	cmp, ok := ast.Unparen(ifs.Cond).(*ast.BinaryExpr)
	if !ok || cmp.Op != token.NEQ || !b.isNil(cmp.Y) {
		return nil
	}
	tested, ok := ast.Unparen(cmp.X).(*ast.Ident)
	if !ok || !isErrorType(b.info.TypeOf(tested)) || !b.resolves(tested, ret.Pos()) || b.changes(block, tested) {
		return nil
	}
	if v, ok := b.info.Uses[tested].(*types.Var); !ok || v.Parent() == b.pkg.Scope() {
		return nil
	}
	return tested
}

// changes reports whether a statement may give a variable another value.
func (b *begin) changes(stmt ast.Stmt, id *ast.Ident) (found bool) {
	ast.Inspect(stmt, func(n ast.Node) bool {
		_, isLit := n.(*ast.FuncLit) // what it does, and when, is not looked at
		found = found || isLit || mayChange(n, func(x ast.Expr) bool { return b.same(x, id) })
		return !found
	})
	return found
}

// mayChange reports whether a node gives a variable another value, or its address away.
func mayChange(n ast.Node, is func(ast.Expr) bool) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return slices.ContainsFunc(n.Lhs, is)
	case *ast.UnaryExpr:
		return n.Op == token.AND && is(n.X)
	}
	return false
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

// isSentinel reports whether a variable of the package is made from a text and never assigned.
func (b *begin) isSentinel(id *ast.Ident) bool {
	obj, ok := b.info.Uses[id].(*types.Var)
	if !ok || obj.Parent() != b.pkg.Scope() || obj.Exported() {
		return false
	}
	made, changed := false, false
	for _, file := range b.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if b.info.Defs[name] == types.Object(obj) && len(spec.Values) == len(spec.Names) {
						made = b.isFailure(spec.Values[i])
					}
				}
			}
			changed = changed || mayChange(n, func(x ast.Expr) bool { return b.isVariable(x, obj) })
			return true
		})
	}
	return made && !changed
}

func (b *begin) isVariable(x ast.Expr, v types.Object) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && b.info.Uses[id] == v
}
