package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A fix must not meddle with the paths that are sound already. Those are the ones on
// which the transaction is still open where a rollback would be put, and is ended
// later: by a deferred call, or by what stands behind a loop. A rollback that comes
// sooner is no harm if the later one rolls back as well, and nothing else is asked of
// the database between the two.

// spares reports whether a rollback before an exit leaves alone the paths that go on
// from there and end the transaction later.
func (b *begin) spares(l *txflow.Leak, at token.Pos, lapse bool) bool {
	ends := b.deferredEnds()
	switch {
	case !lapse && !l.Elsewhere.Finished:
		return true
	case l.Kind == txflow.Overwrite:
		// A literal sees the other transaction; a call has kept this one.
		return !slices.ContainsFunc(ends, func(d *ast.DeferStmt) bool { return onlyStmt(d.Call) == nil && !b.undoes(d) })
	case lapse && b.outlives(at), lapse && len(ends) > 0 && !b.quietAround(at):
		return false
	}
	return b.onlyUndone(ends, at)
}

// deferredEnds are the defer statements of the function that know the transaction.
func (b *begin) deferredEnds() (found []*ast.DeferStmt) {
	if b.ends != nil {
		return *b.ends
	}
	known := b.aliases()
	for _, d := range b.defers() {
		if b.mentionsAny(d, known) {
			found = append(found, d)
		}
	}
	b.ends = &found
	return found
}

// defers are the defer statements of the function that owes the end, in order.
func (b *begin) defers() (all []*ast.DeferStmt) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			all = append(all, n)
			return false
		}
		return true
	})
	return all
}

// onlyUndone reports whether some deferred calls do nothing with the transaction but
// roll it back, and nothing else is asked of the database in them, nor in those that
// run before them where the function is left at a position.
func (b *begin) onlyUndone(ends []*ast.DeferStmt, at token.Pos) bool {
	if len(ends) == 0 {
		return true
	}
	for _, d := range ends {
		if !b.undoes(d) || !b.quietBut(d) {
			return false
		}
	}
	first := ends[0].Pos()
	for _, d := range b.defers() {
		later := first < d.Pos() || b.inOneLoop(first, d.Pos())
		reached := d.Pos() < at || b.inOneLoop(d.Pos(), at) || b.hasGoto()
		if later && reached && !slices.Contains(ends, d) && !b.quietBut(d) {
			return false
		}
	}
	return true
}

// aliases are the variables that may lead to the transaction: that of the handle, other
// results of the Begin, those that a value with it was assigned to, and function
// literals that know it.
func (b *begin) aliases() map[types.Object]bool {
	if b.known != nil {
		return b.known
	}
	known := map[types.Object]bool{b.object(): true}
	for before := 0; before < len(known); {
		before = len(known)
		ast.Inspect(b.body(), func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					b.alias(l, n.Rhs[min(i, len(n.Rhs)-1)], known)
				}
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if len(n.Values) > 0 {
						b.alias(name, n.Values[min(i, len(n.Values)-1)], known)
					}
				}
			}
			return true
		})
	}
	b.known = known
	return known
}

// alias notes the variable that x is a part of, if y leads to the transaction and x
// can hold it.
func (b *begin) alias(x, y ast.Expr, known map[types.Object]bool) {
	id := rootIdent(x)
	// Have: tx, rollback, err := s.begin()
	if id == nil || id.Name == "_" || ast.Unparen(y) != ast.Expr(b.duty.Call) && !b.mentionsAny(y, known) {
		return
	}
	obj := b.info.ObjectOf(id)
	if obj == nil || isBasicOrError(b.info.TypeOf(x)) {
		return
	}
	known[obj] = true
}

func isBasicOrError(t types.Type) bool {
	if t == nil || isErrorType(t) {
		return true
	}
	_, basic := t.Underlying().(*types.Basic)
	return basic
}

func (b *begin) mentionsAny(n ast.Node, known map[types.Object]bool) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && known[b.info.ObjectOf(id)]
		return !found
	})
	return found
}

// undoes reports whether all that a deferred call does with the transaction is to
// roll it back, or to compare its variable or set it to nil.
func (b *begin) undoes(d *ast.DeferStmt) bool {
	known := b.aliases()
	only := true
	ast.Inspect(d, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && (b.rollsBack(call) || b.isHelper(call)) {
			return false
		}
		id, ok := n.(*ast.Ident)
		if !ok || !known[b.info.ObjectOf(id)] {
			return true
		}
		switch p := b.file.parent[id].(type) {
		case *ast.BinaryExpr:
		case *ast.AssignStmt:
			only = only && slices.Contains(p.Lhs, ast.Expr(id)) && b.allNil(p.Rhs)
		default:
			only = false
		}
		return true
	})
	return only
}

// rollsBack reports whether a call is that of a rollback on the handle.
func (b *begin) rollsBack(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && b.rollbackOf(call) != nil && rootIdent(sel.X) != nil && b.info.ObjectOf(rootIdent(sel.X)) == b.object()
}

// quietBut reports whether a node asks nothing of a database but for the rollback of
// the transaction itself.
func (b *begin) quietBut(n ast.Node) bool {
	quiet := true
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return quiet
		}
		if b.rollsBack(call) || b.isHelper(call) && b.mentions(call) {
			return false
		}
		quiet = quiet && b.quietCall(call)
		return quiet
	})
	return quiet
}

// quietPackages have nothing to do with databases.
var quietPackages = map[string]bool{
	"sync": true, "sync/atomic": true, "log": true, "log/slog": true, "context": true, "os": true, "io": true, "bytes": true,
}

// quietCall reports whether a call is none that a database hears of, as far as its
// type shows: one that yields a number, a bool or a function, but no error, looks at
// something.
func (b *begin) quietCall(call *ast.CallExpr) bool {
	if tv := b.info.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() || b.pureCall(call) {
		return true
	}
	if _, lit := ast.Unparen(call.Fun).(*ast.FuncLit); lit {
		return true // its body is looked at
	}
	if id := calledName(call); id != nil {
		obj := b.info.Uses[id]
		if obj != nil && obj.Pkg() != nil && quietPackages[obj.Pkg().Path()] || strings.EqualFold(id.Name, "cancel") {
			return true
		}
	}
	switch t := b.info.TypeOf(call).(type) {
	case nil, *types.Tuple:
		return false
	default:
		_, fn := t.Underlying().(*types.Signature)
		_, basic := t.Underlying().(*types.Basic)
		return fn || basic
	}
}

// outlives reports whether the transaction may be looked at once a round of its loop
// is over: behind the loop, or before the Begin in the next round. A variable of the
// round itself is another one then.
func (b *begin) outlives(at token.Pos) bool {
	from, to := b.round(at)
	if b.isSharedBeyond(from, to) {
		return true
	}
	known := b.aliases()
	found := false
	ast.Inspect(b.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			return false
		case *ast.AssignStmt:
			// Have: var tx *sql.Tx in front of the loop, tx, err = db.Begin() in it
			if b.contains(n) {
				return false
			}
		case *ast.Ident:
			obj := b.info.ObjectOf(n)
			if !known[obj] || from < obj.Pos() && obj.Pos() < to {
				break
			}
			inRound := n.Pos() < to && b.comesBehind(n.Pos())
			found = found || !inRound && b.info.Defs[n] == nil
		}
		return true
	})
	return found
}

// outlivesScope reports whether the transaction is known by something that has a wider scope
// than the variable of the handle, and is ended or looked at out there: where that scope is
// left, it may be about to be used.
// Have: if begin { t, err := db.Begin(); ...; tx = t }
func (b *begin) outlivesScope() bool {
	scope := b.object().Parent()
	isIn := func(pos token.Pos) bool { return scope.Pos() <= pos && pos < scope.End() }
	for pos := range b.duty.Endings {
		if !isIn(pos) {
			return true
		}
	}
	known, found := b.aliases(), false
	ast.Inspect(b.body(), func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		v := b.info.Uses[id]
		found = known[v] && !isIn(v.Pos()) && !isIn(id.Pos()) && !b.isAssigned(id)
		return !found
	})
	return found
}

// isSharedBeyond reports whether the Begin has put the transaction into an object from outside
// of some bounds, so that the next call may come to the same.
// Have: tx, err := unit.Tx()
func (b *begin) isSharedBeyond(from, to token.Pos) bool {
	if !b.duty.Shared {
		return false
	}
	given := b.duty.Call.Args
	if sel, ok := ast.Unparen(b.duty.Call.Fun).(*ast.SelectorExpr); ok {
		given = append(slices.Clip(given), sel.X)
	}
	return slices.ContainsFunc(given, func(x ast.Expr) bool {
		id := rootIdent(x)
		if id == nil {
			return false
		}
		v, isVar := b.info.ObjectOf(id).(*types.Var)
		return isVar && !isBasicOrError(v.Type()) && (v.Pos() < from || v.Pos() > to)
	})
}

// comesBehind reports whether a place below the Begin is reached in no round but by way of
// it. Where it is one arm of a branch, a round without it looks at what an earlier one left.
// Have: if stmt == "BEGIN" { tx, err = db.Begin() } else { _, err = tx.Exec(stmt) }
func (b *begin) comesBehind(pos token.Pos) bool {
	if pos < b.duty.Call.End() {
		return false
	}
	for n := ast.Node(b.duty.Call); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		if pos < n.End() {
			return true
		}
		if !isPassed(n, b.file.parent[n]) {
			break
		}
	}
	return false
}

// isPassed reports whether who comes out of a statement or an expression at its end has been
// through a part of it.
func isPassed(part, of ast.Node) bool {
	switch of := of.(type) {
	case *ast.IfStmt:
		els, _ := of.Else.(*ast.BlockStmt)
		return part == of.Init || part == of.Cond || part == ast.Node(of.Body) && els != nil && leaves(els.List) ||
			part == of.Else && leaves(of.Body.List)
	case *ast.BinaryExpr:
		return part == of.X || of.Op != token.LAND && of.Op != token.LOR
	case *ast.ForStmt:
		return part == of.Init
	case *ast.RangeStmt:
		return part == of.X
	case *ast.SwitchStmt:
		return part != ast.Node(of.Body)
	case *ast.TypeSwitchStmt:
		return part != ast.Node(of.Body)
	case *ast.BlockStmt:
		_, isStmt := part.(ast.Stmt)
		_, isCase := part.(*ast.CaseClause)
		_, isComm := part.(*ast.CommClause)
		return isStmt && !isCase && !isComm
	case *ast.FuncLit, *ast.SelectStmt:
		return false
	}
	return true
}

// round returns the bounds of the loop which leads from a position back to the Begin.
func (b *begin) round(at token.Pos) (from, to token.Pos) {
	if loop := b.loopAround(at); loop != nil {
		return loop.Pos(), loop.End()
	}
	if end, ok := b.scopeEnd(); ok && at == end {
		return b.object().Pos() - 1, end
	}
	jump, ok := b.file.stmtAt(at).(*ast.BranchStmt)
	if !ok || jump.Tok != token.GOTO {
		return b.body().End(), b.body().End()
	}
	if l := b.file.labelled(jump); l != nil && l.Pos() < b.duty.Call.Pos() {
		return l.Pos(), max(l.End(), jump.End())
	}
	return b.body().End(), b.body().End()
}

// loopAround returns the innermost loop that has both the Begin and a position in it,
// or whose closing brace is there.
func (b *begin) loopAround(at token.Pos) ast.Stmt {
	for _, loop := range b.loops(b.duty.Call.Pos()) {
		if loop.Pos() <= at && at < loop.End() {
			return loop
		}
	}
	return nil
}

// loops are the loops around a position, innermost first.
func (b *begin) loops(at token.Pos) (all []ast.Stmt) {
	for n := ast.Node(b.file.stmtAt(at)); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		switch s := n.(type) {
		case *ast.ForStmt:
			all = append(all, s)
		case *ast.RangeStmt:
			all = append(all, s)
		}
	}
	return all
}

// inOneLoop reports whether a loop goes around two positions.
func (b *begin) inOneLoop(x, y token.Pos) bool {
	return slices.ContainsFunc(b.loops(x), func(loop ast.Stmt) bool { return loop.Pos() <= y && y < loop.End() })
}

// quietAround reports whether nothing is asked of a database between the end of a
// round and the next Begin, nor between the loop and the end of the function.
func (b *begin) quietAround(at token.Pos) bool {
	loop := b.loopAround(at)
	if loop == nil || len(b.loops(loop.Pos())) > 1 {
		return false
	}
	begin := b.file.stmtAround(b.duty.Call)
	quiet := true
	ast.Inspect(b.body(), func(n ast.Node) bool {
		s, ok := n.(ast.Stmt)
		switch {
		case !ok:
			return true
		case s.End() <= loop.Pos(), loop.Pos() < s.Pos() && s.End() <= loop.End() && s.Pos() >= begin.Pos():
			return false
		}
		switch s := s.(type) {
		case *ast.DeferStmt:
			return false
		case *ast.ExprStmt, *ast.AssignStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.GoStmt, *ast.DeclStmt:
			quiet = quiet && b.quietBut(s)
			return false
		case *ast.IfStmt:
			quiet = quiet && b.quietBut(s.Cond)
		case *ast.ForStmt:
			quiet = quiet && (s.Cond == nil || b.quietBut(s.Cond))
		case *ast.RangeStmt:
			quiet = quiet && b.quietBut(s.X)
		}
		return quiet
	})
	return quiet
}
