package unfinishedtx

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/txcheck/txcheck/internal/txflow"
)

// deferral returns the edits that defer a rollback right behind the error check of
// the Begin, none where that is not known to be sound.
func (b *begin) deferral() edits {
	if !b.mayDefer() {
		return nil
	}
	d := b.duty
	if all := b.closing(); all != nil || d.InLoop {
		return all
	}
	var all edits
	for _, a := range b.anchors() {
		if b.closedByHand(a.pos()) {
			return nil
		}
		lines := b.deferLines(a.pos())
		if lines == nil {
			return nil
		}
		if d.Foreign {
			if !a.checked || b.lookup(b.owner().Name, a.pos()) != b.info.ObjectOf(b.owner()) {
				return nil
			}
			lines = slices.Concat([]string{"if " + b.owner().Name + " {"}, indented(lines), []string{"}"})
		}
		if !a.checked && !d.OnReceiver && !b.neverFails() {
			if d.LiveOnErr || !nilable(b.info.TypeOf(d.Handle)) {
				return nil
			}
			lines = append([]string{"if " + b.handle + " != nil {"}, append(indented(lines), "}")...)
		}
		var gone edits
		if len(lines) == 1 {
			gone, lines = b.moved(a.block, a.pos(), lines[0])
		}
		e := a.edit(b.file, lines)
		if e == nil {
			return nil
		}
		all = append(append(all, *e), gone...)
	}
	return all
}

// mayDefer reports whether a deferred rollback comes neither too late nor before what somebody
// else does with the transaction.
func (b *begin) mayDefer() bool {
	d := b.duty
	if b.kept() || d.Borrowed || d.Foreign && b.owner() == nil || b.silenced || b.deferredBefore() {
		return false
	}
	for _, l := range b.leaks {
		if l.Kind == txflow.NextRound || l.Kind == txflow.Overwrite {
			return false // it would come too late
		}
	}
	return !b.beginsAgain() && !b.handsOutDependent() && !b.handsOutMarked() && !b.keepsDependent(b.body().End()) &&
		!slices.Contains(b.children(), false)
}

// moved takes away a statement which defers the same as a line that is to be put above it in
// its list, if nothing else is deferred between the two. Comments right above it go along.
// Have: defer tx.Rollback(), below the first statement that may fail
func (b *begin) moved(block ast.Node, above token.Pos, line string) (gone edits, lines []string) {
	lines = []string{line}
	defers := b.defers()
	i := slices.IndexFunc(defers, func(d *ast.DeferStmt) bool { return d.Pos() > above })
	if i < 0 || b.file.parent[defers[i]] != block || b.reassigned(true, b.body().End()) {
		return nil, lines
	}
	start, end := b.file.line(defers[i].Pos())
	if string(bytes.TrimSpace(b.file.text[start:end])) != line {
		return nil, lines
	}
	start, comments := b.file.commentsAbove(start)
	return edits{b.file.without(start, end)}, append(comments, line)
}

// neverFails reports whether the handle can be used whatever became of the Begin.
func (b *begin) neverFails() bool {
	if b.duty.LiveOnErr && b.duty.Err == nil {
		return true
	}
	return b.duty.Wrapped && len(b.duty.UnbornAt) == 0 && !b.yieldsError()
}

// yieldsError reports whether an error is among the results of the Begin.
func (b *begin) yieldsError() bool {
	return slices.ContainsFunc(b.resultTypes(b.duty.Call), isErrorType)
}

func indented(lines []string) (in []string) {
	for _, l := range lines {
		in = append(in, "\t"+l)
	}
	return in
}

func nilable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature:
		return true
	}
	return false
}

// deferLines writes the defer statement in the way of the file.
func (b *begin) deferLines(pos token.Pos) []string {
	r := b.choose(true, true)
	if r == nil || r.Func != nil && !r.Func.Exported() && b.endsByOuter() {
		return nil
	}
	s := b.style
	if s.deferred {
		if call := b.helperCall(pos); call != "" {
			return []string{"defer " + call}
		}
	}
	call := b.call(r, pos)
	if call == "" {
		return nil
	}
	closure := s.closures[r.Func] > s.direct[r.Func] || len(s.direct)+len(s.closures) == 0 && s.blank > s.bare
	// A closure reads the variable when the function returns.
	if closure && r.Fails && !b.reassigned(true, b.body().End()) {
		return []string{"defer func() { _ = " + call + " }()"}
	}
	return []string{"defer " + call}
}

// call writes the call of a rollback for a place, "" if its context is not in
// reach there.
func (b *begin) call(r *txflow.Rollback, pos token.Pos) string {
	ctx := ""
	if r.Ctx {
		if ctx = b.context(pos); ctx == "" {
			return ""
		}
	}
	return b.callWith(r, ctx)
}

// callWith writes the call of a rollback with an argument, "" for none.
func (b *begin) callWith(r *txflow.Rollback, arg string) string {
	if r.On != nil {
		return b.givenContext(r, arg)
	}
	text := b.handle + r.Path
	if r.Func != nil {
		text += "." + r.Func.Name()
	}
	return text + "(" + arg + ")"
}

// asStatement writes a call as a statement, in the way of the file.
func (b *begin) asStatement(r *txflow.Rollback, call string) string {
	bare := b.style.bare
	if r.Func != nil && r.Func.Name() == "Close" {
		bare += b.style.closes
	}
	if r.Fails && bare <= b.style.blank {
		return "_ = " + call
	}
	return call
}

// resolves reports whether a name means the same at pos as where it stands. The
// name of a field or method does.
func (b *begin) resolves(id *ast.Ident, pos token.Pos) bool {
	obj := b.info.ObjectOf(id)
	if sel, ok := b.file.parent[id].(*ast.SelectorExpr); ok && sel.Sel == id {
		return true
	}
	return obj != nil && b.lookup(id.Name, pos) == obj
}

// visible reports whether the package or function that text begins with is not
// hidden at pos.
func (b *begin) visible(pos token.Pos, text string) bool {
	name := text
	for i := range text {
		if text[i] == '.' {
			name = text[:i]
		}
	}
	switch b.lookup(name, pos).(type) {
	case *types.PkgName, *types.Func:
		return true
	}
	return false
}

// lookup returns what a name means at a place.
func (b *begin) lookup(name string, pos token.Pos) types.Object {
	scope := b.pkg.Scope().Innermost(pos)
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}

// deferredBefore reports whether something that is deferred above the Begin may commit
// the transaction, or ends it in an order that a rollback would change: what is deferred
// later runs first.
func (b *begin) deferredBefore() bool {
	ends := slices.DeleteFunc(slices.Clone(b.deferredEnds()), func(d *ast.DeferStmt) bool { return d.Pos() > b.duty.Call.Pos() })
	return !b.onlyUndone(ends, b.duty.Call.Pos())
}

// reassigned reports whether the variable of the handle may hold another value
// than the one of the Begin, a nil in its place counted or not, by something above
// a position.
func (b *begin) reassigned(countNil bool, above token.Pos) (found bool) {
	obj := b.object()
	if obj == nil || obj.Pos() < b.duty.Func.Pos() || obj.Pos() >= b.body().Rbrace {
		return true // of a function around this one
	}
	is := func(x ast.Expr) bool {
		id := rootIdent(x)
		return id != nil && b.info.ObjectOf(id) == obj
	}
	ast.Inspect(b.duty.Func, func(n ast.Node) bool {
		if n != nil && n.Pos() >= above {
			return false
		}
		switch n := n.(type) {
		case *ast.Field:
			for _, name := range n.Names {
				found = found || is(name) // a parameter
			}
		case *ast.AssignStmt:
			if b.contains(n) || b.isBeside(n) || !countNil && b.allNil(n.Rhs) || countNil && n.Tok == token.DEFINE && b.declares(n) {
				break
			}
			for _, l := range n.Lhs {
				found = found || is(l)
			}
		case *ast.ValueSpec:
			if countNil || b.contains(n) || b.allNil(n.Values) {
				break // it comes before the Begin
			}
			for _, name := range n.Names {
				found = found || is(name)
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		}
		return true
	})
	return found
}

// contains reports whether the Begin is part of a node.
func (b *begin) contains(n ast.Node) bool {
	return n.Pos() <= b.duty.Call.Pos() && b.duty.Call.End() <= n.End()
}

func (b *begin) allNil(list []ast.Expr) bool {
	return !slices.ContainsFunc(list, func(x ast.Expr) bool { return !b.isNil(x) })
}
