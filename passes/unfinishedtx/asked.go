package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A transaction that leaves the block of its variable by another one is rolled back by that
// before a return out there, under the question that the function asks before it ends it.
// Have: if begin { t, err := db.Begin(); ...; b.tx = t }; ...; if b.tx != nil { err = b.tx.Commit() }

// An end is how the function ends the transaction below a return: on what, under which
// condition, with the statement that makes what the condition is about.
type end struct {
	on   ast.Expr
	cond ast.Expr
	init *ast.AssignStmt
}

// asked returns the edits that roll back before a return where the handle's variable is not in
// scope, nil if nothing below tells by what.
func (b *begin) asked(l *txflow.Leak) edits {
	ret, ok := b.file.stmtAt(l.Pos).(*ast.ReturnStmt)
	if !ok || l.Kind != txflow.AtReturn || b.duty.Borrowed || b.duty.Foreign || b.hasGoto() {
		return nil
	}
	for n := ast.Node(ret); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		above, isStmt := n.(ast.Stmt)
		list := stmtList(b.file.parent[n])
		if _, isLit := n.(*ast.FuncLit); isLit || !isStmt {
			return nil
		}
		i := slices.Index(list, above)
		for _, below := range list[i+1:] {
			if e := b.endIn(below); e != nil {
				if !b.meansSameAbove(e, ret, above, below) || e.cond == nil && l.Elsewhere.Unborn {
					return nil
				}
				if lines := b.linesOf(e, l); lines != nil {
					return b.leave(l, lines)
				}
				return nil
			}
		}
	}
	return nil
}

// endIn returns how a statement ends the transaction, nil if it does not, or in another way.
// Have: if tx, ok := run.(*sql.Tx); ok { err = tx.Commit() }
func (b *begin) endIn(stmt ast.Stmt) *end {
	on := b.endedOn(stmt)
	if on == nil {
		return nil
	}
	ifs, ok := stmt.(*ast.IfStmt)
	if !ok || b.endedOn(ifs.Body) == nil {
		return &end{on: on}
	}
	if ifs.Else != nil || b.endedOn(ifs.Cond) != nil {
		return nil
	}
	e := &end{on: on, cond: ifs.Cond}
	if ifs.Init != nil {
		e.init, ok = ifs.Init.(*ast.AssignStmt)
		if !ok || !b.takesOut(e) {
			return nil
		}
	}
	return e
}

// endedOn returns what a method is called on in a node that has ended the transaction on some
// path, if that is of the type of the handle.
func (b *begin) endedOn(n ast.Node) (on ast.Expr) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			sel, isMethod := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			_, ends := b.duty.Endings[n.Lparen]
			if on == nil && ends && isMethod && types.Identical(b.info.TypeOf(sel.X), b.info.TypeOf(b.duty.Handle)) {
				on = sel.X
			}
		}
		return on == nil
	})
	return on
}

// takesOut reports whether an end is that of what a type assertion has found, where it did.
// Have: if tx, ok := ctx.Value(key{}).(*sql.Tx); ok { ... }
func (b *begin) takesOut(e *end) bool {
	if e.init.Tok != token.DEFINE || len(e.init.Lhs) != 2 || len(e.init.Rhs) != 1 || !b.same(e.init.Lhs[0], e.on) || !b.same(e.init.Lhs[1], e.cond) {
		return false
	}
	x, ok := ast.Unparen(e.init.Rhs[0]).(*ast.TypeAssertExpr)
	if !ok {
		return false
	}
	from := ast.Unparen(x.X)
	if call, isCall := from.(*ast.CallExpr); isCall {
		sel, isMethod := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !isMethod || sel.Sel.Name != "Value" || !isContext(b.info.TypeOf(sel.X)) {
			return false
		}
		from = ast.Unparen(sel.X)
	}
	_, isName := from.(*ast.Ident)
	return isName
}

// meansSameAbove reports whether an end would do the same before a return in a statement of the
// same list: nothing changes what it asks and ends, and nothing on the way to the return, unless
// it can be told apart, has to do with that.
func (b *begin) meansSameAbove(e *end, ret *ast.ReturnStmt, above, below ast.Stmt) bool {
	parts := []ast.Node{e.on}
	switch {
	case e.init != nil:
		parts = []ast.Node{e.init.Rhs[0]}
	case e.cond != nil:
		if !b.pure(e.cond) || !b.isPlainPath(e.on) {
			return false
		}
		parts = append(parts, e.cond)
	}
	vars, same := make(map[types.Object]bool), true
	for _, part := range parts {
		ast.Inspect(part, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			same = same && b.resolves(id, ret.Pos())
			if v, isVar := b.info.Uses[id].(*types.Var); isVar && !v.IsField() {
				vars[v] = true
			}
			return true
		})
	}
	if !same {
		return false
	}
	if e.cond != nil && e.init == nil {
		return !b.mentionedBetween(vars, above.Pos(), below.Pos())
	}
	for v := range vars {
		if b.assignsBetween(above.Pos(), below.Pos(), func(x ast.Expr) bool { return b.isVariable(x, v) }) {
			return false
		}
	}
	return e.init != nil || b.ownVariable(e.on) != nil
}

// isPlainPath reports whether an expression is a path of names.
func (b *begin) isPlainPath(x ast.Expr) bool {
	for {
		switch e := ast.Unparen(x).(type) {
		case *ast.Ident:
			return true
		case *ast.SelectorExpr:
			x = e.X
		default:
			return false
		}
	}
}

// mentionedBetween reports whether one of some variables occurs between two places.
func (b *begin) mentionedBetween(vars map[types.Object]bool, from, to token.Pos) (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && from <= id.Pos() && id.Pos() < to && vars[b.info.Uses[id]]
		return !found
	})
	return found
}

// linesOf writes a rollback as the function ends the transaction elsewhere, nil if there is none
// that can be written.
func (b *begin) linesOf(e *end, l *txflow.Leak) []string {
	r := b.choose(l.Elsewhere.Finished, false)
	if r == nil || r.Func == nil || r.On != nil || r.Path != "" || r.Decided {
		return nil
	}
	arg := ""
	if r.Ctx {
		if arg = b.context(l.Pos); arg == "" {
			return nil
		}
	}
	line := b.asStatement(r, b.file.source(e.on)+"."+r.Func.Name()+"("+arg+")")
	if e.cond == nil {
		return []string{line}
	}
	head := b.file.source(e.cond)
	if e.init != nil {
		init := b.file.text[b.file.tok.Offset(e.init.Pos()):b.file.tok.Offset(e.init.End())]
		head = string(init) + "; " + head
	}
	return []string{"if " + head + " {", "\t" + line, "}"}
}
