package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
)

// What a function defers below its first returns comes too late for those. Where it rolls back
// and never commits, it is moved up right below the error check of the Begin.
// Have: if stop { return errStopped }; defer finalize(tx, &err)

// raising returns the edits that move up a deferred call, none where that is not known to be
// sound.
func (b *begin) raising() edits {
	if b.duty.InLoop || b.duty.Foreign || !b.mayDefer() {
		return nil
	}
	all := b.anchors()
	if len(all) != 1 || !all[0].checked && !b.neverFails() {
		return nil
	}
	at := &all[0]
	d := b.deferBelow(at)
	if d == nil || !b.onlyRaises(d, at.pos()) {
		return nil
	}
	start, _ := b.file.line(d.Pos())
	_, end := b.file.line(d.End())
	lines := b.file.wholeLines(d)
	if lines == nil {
		return nil
	}
	start, comments := b.file.commentsAbove(start)
	e := at.edit(b.file, append(comments, lines...))
	if e == nil {
		return nil
	}
	return edits{*e, b.file.without(start, end)}
}

// deferBelow returns the first defer statement below a place, if that stands in the same list.
func (b *begin) deferBelow(at *anchor) *ast.DeferStmt {
	defers := b.defers()
	i := slices.IndexFunc(defers, func(d *ast.DeferStmt) bool { return d.Pos() > at.pos() })
	if i < 0 || b.file.parent[defers[i]] != at.block {
		return nil
	}
	return defers[i]
}

// onlyRaises reports whether a deferred call can as well be deferred at a place above it: it
// ends the transaction and does not commit it, nothing ends it between the two, and all that it
// names is the same there.
func (b *begin) onlyRaises(d *ast.DeferStmt, at token.Pos) bool {
	if _, ends := b.duty.Endings[d.Pos()]; !ends && !b.wouldUndo(d.Call) || ends && !b.onlyUndoes(d.Call, d.Pos()) && !b.toldOfFailure(d) {
		return false
	}
	for pos := range b.duty.Endings {
		if at <= pos && pos < d.Pos() {
			return false
		}
	}
	if lit, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit); ok && !b.onlyEnds(lit) || !ok && !b.givenLittle(d.Call) {
		return false
	}
	return b.meansSame(d, at) && !b.changesEvaluated(d, at)
}

// undoingName finds what rolls back, whatever is known of it.
var undoingName = regexp.MustCompile(`^(?i:rollback|abort|discard)`)

// onlyUndoes reports whether a call has ended the transaction on some path, and is known not to
// commit it, or says so.
func (b *begin) onlyUndoes(call *ast.CallExpr, pos token.Pos) bool {
	commits, ends := b.duty.Endings[pos]
	id := calledName(call)
	return ends && (!commits || id != nil && undoingName.MatchString(id.Name) && !strings.Contains(strings.ToLower(id.Name), "orcommit"))
}

// wouldUndo reports whether a call that has nothing left to end is one that rolls back: a
// method of the handle, or a function of the package that is given it.
// Have: defer finalize(tx, &err); return tx.Commit()
func (b *begin) wouldUndo(call *ast.CallExpr) bool {
	if b.rollsBack(call) {
		return !b.duty.Rollbacks[0].Decided
	}
	id := calledName(call)
	if id == nil {
		return false
	}
	fn, ok := b.info.Uses[id].(*types.Func)
	if !ok || fn.Pkg() != b.pkg || fn.Signature().Variadic() || len(call.Args) != fn.Signature().Params().Len() {
		return false
	}
	i := slices.IndexFunc(call.Args, func(x ast.Expr) bool { return b.same(x, b.duty.Handle) })
	return i >= 0 && b.isPlainRollback(fn, fn.Signature().Params().At(i))
}

// onlyEnds reports whether a literal ends the transaction and tells of it, and does nothing else
// that other returns would then see: it changes nothing of the function's, and asks for no error
// but its own. Where it looks at one of the function's, that may be another one at the returns
// that leak, and a rollback that asks nothing is better.
// Have: func() { if err := tx.Rollback(); err != nil { log.Print(err) } }
func (b *begin) onlyEnds(lit *ast.FuncLit) bool {
	only, known := true, b.aliases()
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			id := rootIdent(n.Fun)
			only = only && (id != nil && known[b.info.Uses[id]] || b.isHelper(n) || b.onlyTells(n))
		case *ast.AssignStmt:
			only = only && !slices.ContainsFunc(n.Lhs, func(x ast.Expr) bool { return !b.isInside(x, lit) })
		case *ast.Ident:
			v := b.ownVariable(n)
			isResult := b.info.Uses[n] != nil && b.info.Uses[n] == b.namedError()
			only = only && !isResult && (v == nil || !isErrorType(v.Type()) || b.isInside(n, lit))
		case *ast.GoStmt, *ast.SendStmt, *ast.IncDecStmt:
			only = false
		}
		return only
	})
	return only
}

// isInside reports whether an expression is a variable of a literal's own, or a blank.
func (b *begin) isInside(x ast.Expr, lit *ast.FuncLit) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return false
	}
	obj := b.info.ObjectOf(id)
	return id.Name == "_" || obj != nil && lit.Pos() < obj.Pos() && obj.Pos() < lit.End()
}

// givenLittle reports whether a function that ends the transaction is given nothing but that, a
// context, constants, and addresses of errors and flags: so that it has nothing to let go of
// that the function has got hold of since.
func (b *begin) givenLittle(call *ast.CallExpr) bool {
	known := b.aliases()
	return !slices.ContainsFunc(call.Args, func(x ast.Expr) bool {
		u, isAddress := ast.Unparen(x).(*ast.UnaryExpr)
		tv := b.info.Types[x]
		switch {
		case isAddress && u.Op == token.AND:
			return !isBasicOrError(b.info.TypeOf(u.X))
		case tv.Value != nil, tv.IsNil(), isContext(tv.Type):
			return false
		}
		id := rootIdent(x)
		return id == nil || !known[b.info.Uses[id]]
	})
}

// toldOfFailure reports whether a deferred call is given the address of the error that the
// function returns, and that is one wherever the function leaves the transaction open.
// Have: defer finish(&err)
func (b *begin) toldOfFailure(d *ast.DeferStmt) bool {
	result := b.namedError()
	if result == nil || !slices.ContainsFunc(d.Call.Args, func(x ast.Expr) bool {
		u, ok := ast.Unparen(x).(*ast.UnaryExpr)
		return ok && u.Op == token.AND && b.isVariable(u.X, result)
	}) {
		return false
	}
	return !slices.ContainsFunc(b.leaks, func(l *txflow.Leak) bool { return !b.failsAt(l, result) })
}

// namedError returns the last result of the function, if that is an error with a name.
func (b *begin) namedError() types.Object {
	var list *ast.FieldList
	switch f := b.duty.Func.(type) {
	case *ast.FuncDecl:
		list = f.Type.Results
	case *ast.FuncLit:
		list = f.Type.Results
	}
	if list == nil || len(list.List) == 0 {
		return nil
	}
	last := list.List[len(list.List)-1]
	if len(last.Names) == 0 || !isErrorType(b.info.TypeOf(last.Type)) {
		return nil
	}
	return b.info.Defs[last.Names[len(last.Names)-1]]
}

// failsAt reports whether the function returns an error where it leaves the transaction open.
func (b *begin) failsAt(l *txflow.Leak, result types.Object) bool {
	ret, ok := b.file.stmtAt(l.Pos).(*ast.ReturnStmt)
	if !ok || l.Kind != txflow.AtReturn {
		return false
	}
	tested := b.testedError(ret)
	if len(ret.Results) == 0 {
		return tested != nil && b.info.ObjectOf(tested) == result
	}
	x := ast.Unparen(ret.Results[len(ret.Results)-1])
	return b.isFailure(x) || b.isForeignSentinel(x) || tested != nil && b.same(x, tested)
}

// isForeignSentinel reports whether an expression is an error that another package has by name.
// Have: sql.ErrNoRows, io.EOF
func (b *begin) isForeignSentinel(x ast.Expr) bool {
	sel, ok := x.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, ok := b.info.Uses[sel.Sel].(*types.Var)
	return ok && !v.IsField() && isErrorType(v.Type()) && (strings.HasPrefix(v.Name(), "Err") || v.Name() == "EOF")
}

// meansSame reports whether all names in a deferred call mean the same at a place.
func (b *begin) meansSame(d *ast.DeferStmt, at token.Pos) bool {
	same := true
	ast.Inspect(d.Call, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return same
		}
		obj := b.info.Uses[id]
		isInside := obj != nil && d.Pos() <= obj.Pos() && obj.Pos() < d.End()
		same = obj == nil || isInside || b.resolves(id, at)
		return same
	})
	return same
}

// changesEvaluated reports whether what is evaluated where a call is deferred, which the body of
// a literal and a variable whose address is taken are not, may be something else at a place
// above: the function changes it between the two, or it takes a call.
func (b *begin) changesEvaluated(d *ast.DeferStmt, at token.Pos) (changes bool) {
	ast.Inspect(d.Call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND && id != nil {
				return false
			}
		case *ast.CallExpr:
			changes = changes || n != d.Call
		case *ast.Ident:
			if v, ok := b.info.Uses[n].(*types.Var); ok && !v.IsField() {
				changes = changes || b.changesBetween(n, at, d.Pos())
			}
		}
		return !changes
	})
	return changes
}

// wholeLines returns the lines of a statement without their indentation, nil if it shares them
// with something else, or may have a text of several lines.
func (f *file) wholeLines(stmt ast.Stmt) []string {
	start, _ := f.line(stmt.Pos())
	_, end := f.line(stmt.End())
	indent := f.indent(stmt.Pos())
	text := string(f.text[start:end])
	if start+len(indent) != f.tok.Offset(stmt.Pos()) || f.tok.Offset(stmt.End()) != end || strings.Contains(text, "`") {
		return nil
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if !strings.HasPrefix(l, indent) {
			return nil
		}
		lines[i] = strings.TrimPrefix(l, indent)
	}
	return lines
}
