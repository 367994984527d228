package unfinishedtx

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// perExit returns the edits that roll back before each leaking exit. An exit where
// that is not known to be sound gets none: what is left is seen when the edits are
// tried.
func (b *begin) perExit() (all edits) {
	if b.plan == reaching && !b.reaches() {
		return nil
	}
	for _, l := range b.leaks {
		var jumps []token.Pos
		for _, jump := range l.Jumps {
			jumps = append(jumps, jump.Pos())
		}
		all = append(all, b.atExit(l, jumps)...)
	}
	return all
}

// reaches reports whether a rollback of a field of the handle stands beside one of its own.
func (b *begin) reaches() bool {
	isOfField := func(r txflow.Rollback) bool { return r.Path != "" }
	return slices.ContainsFunc(b.duty.Rollbacks, isOfField) &&
		slices.ContainsFunc(b.duty.Rollbacks, func(r txflow.Rollback) bool { return !isOfField(r) })
}

// atExit rolls back before one exit, or before the jump that leaves the scope of
// the transaction on the way to it.
func (b *begin) atExit(l *txflow.Leak, jumps []token.Pos) edits {
	if l.Elsewhere.Kept && !b.private || l.Elsewhere.Unsure && !b.nearly || (b.duty.Borrowed || b.duty.Foreign) && l.Elsewhere.Unborn {
		return nil
	}
	lapse := l.Kind == txflow.NextRound || l.Kind == txflow.Overwrite
	if lapse && (b.keptAbove(l.Pos) || b.duty.Borrowed || b.duty.Foreign) {
		return nil
	}
	if b.keepsDependent(l.Pos) || (lapse || l.Elsewhere.Finished) && b.handsOutMarked() {
		return nil
	}
	if b.inContext() && !b.carries(l) {
		return nil
	}
	if !b.spares(l, l.Pos, lapse) || len(b.children()) > 0 || b.hidesChildren() {
		return nil
	}
	if b.duty.Rollbacks[0].Decided {
		return b.decided(l)
	}
	if b.inScope(l.Pos) {
		lines := b.rollbackLines(l.Pos, l.Elsewhere, lapse)
		if lines == nil {
			return nil
		}
		return b.leave(l, append(lines, b.closeLines(l)...))
	}
	if found := b.asked(l); found != nil {
		return found
	}
	return b.atJump(l, jumps)
}

// atJump rolls back before the last of some jumps that leaves from where the
// transaction is known, or where the path falls out of there.
func (b *begin) atJump(l *txflow.Leak, jumps []token.Pos) edits {
	if b.duty.Borrowed || b.duty.Foreign || b.outlivesScope() {
		return nil
	}
	for _, pos := range slices.Backward(jumps) {
		if !b.inScope(pos) || !b.leavesScope(pos) {
			continue
		}
		if b.keptAbove(pos) || !b.spares(l, pos, true) {
			return nil
		}
		if lines := b.rollbackLines(pos, txflow.Standing{}, true); lines != nil {
			return single(b.file.before(b.aboveWaiting(b.file.stmtAt(pos)).Pos(), lines))
		}
		return nil
	}
	end, ok := b.scopeEnd()
	if !ok || b.keptAbove(end) || !b.spares(l, end, true) {
		return nil
	}
	if lines := b.rollbackLines(end, txflow.Standing{}, true); lines != nil {
		return single(b.file.closing(end, lines))
	}
	return nil
}

// leavesScope reports whether a jump leads out of the block in which the handle's
// variable is declared.
func (b *begin) leavesScope(pos token.Pos) bool {
	jump, ok := b.file.stmtAt(pos).(*ast.BranchStmt)
	if !ok {
		return false
	}
	target := b.file.target(jump)
	if target == nil {
		return false
	}
	obj := b.object().Pos()
	if jump.Tok == token.GOTO {
		return target.Pos() < obj || target.Pos() > b.object().Parent().End()
	}
	return target.Pos() < obj && obj < target.End()
}

// scopeEnd returns the closing brace of the block in which the handle's variable is
// declared, if the end of that can be reached.
func (b *begin) scopeEnd() (token.Pos, bool) {
	stmt := b.file.stmtAround(b.duty.Call)
	if all := b.anchors(); len(all) == 1 && all[0].after == nil {
		// Have: if tx, err := db.Begin(); err == nil { ... }
		if block, ok := all[0].block.(*ast.BlockStmt); ok && b.declares(stmt) {
			return block.Rbrace, !leaves(block.List)
		}
	}
	for n := b.file.parent[stmt]; n != nil && n != b.duty.Func; n = b.file.parent[n] {
		block, ok := n.(*ast.BlockStmt)
		if ok && b.inScope(block.Rbrace) && block.Pos() < b.object().Pos() {
			return block.Rbrace, !leaves(block.List)
		}
	}
	return token.NoPos, false
}

// inScope reports whether the handle means the same at a place.
func (b *begin) inScope(pos token.Pos) bool {
	id := rootIdent(b.duty.Handle)
	return id != nil && b.lookup(id.Name, pos) == b.object()
}

// rollbackLines writes the rollback for a place where the transaction stands as
// given on other paths, or may stand anyhow.
func (b *begin) rollbackLines(pos token.Pos, s txflow.Standing, anyhow bool) []string {
	r := b.choose(s.Finished || anyhow && !b.isOpenAt(pos), false)
	if r == nil {
		return nil
	}
	line := ""
	if b.style.blank+b.style.bare == 0 {
		line = b.helperCall(pos)
	}
	if line == "" {
		if line = b.call(r, pos); line == "" {
			return nil
		}
		line = b.asStatement(r, line)
	}
	if b.beginsAgain() && r.Repeats && r.Path == "" {
		return b.unlessNil(line, pos)
	}
	if b.duty.OnReceiver || !s.Unborn && !anyhow || b.bornAt(pos) || r.Path == "" && b.rollsBackFailed(r.Func) {
		return []string{line}
	}
	if b.reassigned(false, b.body().End()) || b.duty.LiveOnErr || b.handleIsField() || !nilable(b.info.TypeOf(b.duty.Handle)) {
		return nil
	}
	return b.unlessNil(line, pos)
}

// unlessNil writes what is done at a place with a handle that is not nil.
func (b *begin) unlessNil(line string, pos token.Pos) []string {
	if b.wasUsed(pos) {
		return []string{line}
	}
	return []string{"if " + b.handle + " != nil {", "\t" + line, "}"}
}

func (b *begin) handleIsField() bool {
	_, isIdent := ast.Unparen(b.duty.Handle).(*ast.Ident)
	return !isIdent
}

// bornAt reports whether the Begin has worked wherever pos is reached.
func (b *begin) bornAt(pos token.Pos) bool {
	above := b.body().End()
	if !b.duty.InLoop && !b.hasGoto() {
		above = b.file.stmtAt(pos).Pos() // what stands below is executed later
	}
	if b.reassigned(true, above) {
		return false
	}
	for _, a := range b.anchors() {
		if !a.checked && !b.neverFails() || pos < a.pos() || pos >= a.block.End() {
			continue
		}
		if obj := b.object(); obj.Pos() >= a.block.Pos() || !b.hasGoto() {
			return true
		}
	}
	return false
}

// hasGoto reports whether a goto may lead past the Begin.
func (b *begin) hasGoto() (found bool) {
	ast.Inspect(b.duty.Func, func(n ast.Node) bool {
		jump, ok := n.(*ast.BranchStmt)
		found = found || ok && jump.Tok == token.GOTO
		return !found
	})
	return found
}

// leave puts lines before an exit.
func (b *begin) leave(l *txflow.Leak, lines []string) edits {
	switch l.Kind {
	case txflow.AtEnd:
		return single(b.file.closing(l.Pos, lines))
	case txflow.NextRound:
		if b.file.text[b.file.tok.Offset(l.Pos)] == '}' {
			return single(b.file.closing(l.Pos, lines))
		}
		return single(b.file.before(b.aboveWaiting(b.aboveGivingBack(b.file.stmtAt(l.Pos))).Pos(), lines))
	}
	stmt := b.file.stmtAt(l.Pos)
	switch s := stmt.(type) {
	case *ast.ReturnStmt:
		if l.Kind == txflow.AtReturn || l.NoReturn && b.pureAll(s.Results) {
			return b.beforeReturn(s, lines)
		}
	case *ast.ExprStmt:
		call, ok := ast.Unparen(s.X).(*ast.CallExpr)
		if ok && l.NoReturn && call.Pos() <= l.Pos && b.pureAll(call.Args) {
			return single(b.file.before(b.aboveWaiting(b.aboveGivingBack(s)).Pos(), lines))
		}
	case *ast.AssignStmt:
		if l.Kind == txflow.Overwrite {
			return single(b.file.before(b.withHead(s).Pos(), lines))
		}
	}
	return nil
}

// withHead returns the statement in whose head another one is the first thing to be executed,
// or that one itself where it is in none.
// Have: if tx, err = db.Begin(); err != nil { ... }
func (b *begin) withHead(stmt ast.Stmt) ast.Stmt {
	switch outer := b.file.parent[stmt].(type) {
	case *ast.IfStmt:
		if outer.Init == stmt {
			return outer
		}
	case *ast.SwitchStmt:
		if outer.Init == stmt {
			return outer
		}
	}
	return stmt
}

func single(e *analysis.TextEdit) edits {
	if e == nil {
		return nil
	}
	return edits{*e}
}

// beforeReturn puts lines before a return, and what its expressions compute before
// these.
func (b *begin) beforeReturn(s *ast.ReturnStmt, lines []string) edits {
	if b.returnsDependent(s) {
		return nil
	}
	top := b.aboveGivingBack(s)
	if b.pureAll(s.Results) {
		return single(b.file.before(b.aboveWaiting(top).Pos(), lines))
	}
	if top != ast.Stmt(s) {
		return nil // what it returns may need what was given back
	}
	if b.duty.Level == savepoint {
		if b.testedError(s) != nil && b.onlyCommitsWhole(s) {
			return single(b.file.before(s.Pos(), lines))
		}
		return nil // what the results compute may commit the transaction around it
	}
	names := make([]string, 0, len(s.Results))
	var values []string
	var all edits
	for _, x := range s.Results {
		tv := b.info.Types[x]
		if tv.Value != nil || tv.IsNil() {
			continue
		}
		var mine []string
		for _, t := range b.resultTypes(x) {
			name := b.freshName(t, names)
			names, mine = append(names, name), append(mine, name)
		}
		values = append(values, b.file.source(x))
		all = append(all, analysis.TextEdit{Pos: x.Pos(), End: x.End(), NewText: []byte(strings.Join(mine, ", "))})
	}
	compute := strings.Join(names, ", ") + " := " + strings.Join(values, ", ")
	if strings.Contains(compute, "\n") {
		return nil
	}
	e := b.file.before(s.Pos(), append([]string{compute}, lines...))
	if e == nil {
		return nil
	}
	return append(edits{*e}, all...)
}

// onlyCommitsWhole reports whether all that a return computes is the commit of the transaction
// around a savepoint, which commits what that was to guard as well.
// Have: if err := fill(sp); err != nil { return tx.Commit() }
func (b *begin) onlyCommitsWhole(s *ast.ReturnStmt) bool {
	if len(s.Results) != 1 || b.mentions(s) {
		return false
	}
	call, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr)
	if !ok || !b.pureAll(call.Args) {
		return false
	}
	id := calledName(call)
	return id != nil && id.Name == "Commit"
}

// resultTypes returns the types of the values of an expression.
func (b *begin) resultTypes(x ast.Expr) []types.Type {
	if tuple, ok := b.info.TypeOf(x).(*types.Tuple); ok {
		var all []types.Type
		for v := range tuple.Variables() {
			all = append(all, v.Type())
		}
		return all
	}
	return []types.Type{b.info.TypeOf(x)}
}

// freshName returns a name that means nothing yet in the function.
func (b *begin) freshName(t types.Type, taken []string) string {
	if isErrorType(t) {
		return b.freeName("err", taken...)
	}
	return b.freeName("result", taken...)
}

// freeName returns a name that means nothing in the function: base, or base with a
// number.
func (b *begin) freeName(base string, taken ...string) string {
	used := map[string]bool{}
	ast.Inspect(b.duty.Func, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			used[id.Name] = true
		}
		return true
	})
	for _, name := range taken {
		used[name] = true
	}
	for i := 1; ; i++ {
		name := base
		if i > 1 {
			name = fmt.Sprint(base, i)
		}
		if !used[name] && b.lookup(name, b.duty.Call.Pos()) == nil {
			return name
		}
	}
}

func (b *begin) pureAll(list []ast.Expr) bool {
	for _, x := range list {
		if !b.pure(x) {
			return false
		}
	}
	return true
}

// purePackages have functions that only look at their arguments.
var purePackages = map[string]bool{
	"errors": true, "fmt": true, "strconv": true, "strings": true, "time": true,
	"github.com/pkg/errors": true, "golang.org/x/xerrors": true, "github.com/cockroachdb/errors": true,
	"google.golang.org/grpc/status": true, "net/http": true,
}

// pure reports whether an expression has the same value after the rollback as
// before: it calls nothing that could ask the database.
func (b *begin) pure(x ast.Expr) bool {
	pure := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			pure = pure && !b.mentions(n)
			return false
		case *ast.UnaryExpr:
			pure = pure && n.Op != token.ARROW
		case *ast.CallExpr:
			pure = pure && b.pureCall(n)
		}
		return pure
	})
	return pure
}

func (b *begin) pureCall(call *ast.CallExpr) bool {
	switch tv := b.info.Types[call.Fun]; {
	case tv.IsType():
		return !isBytes(b.info.TypeOf(call.Args[0])) // which may be of the transaction
	case tv.IsBuiltin():
		name, _ := ast.Unparen(call.Fun).(*ast.Ident)
		return name == nil || name.Name != "append" && name.Name != "copy"
	}
	id := calledName(call)
	if id == nil {
		return false
	}
	fn, ok := b.info.Uses[id].(*types.Func)
	if !ok || b.mentions(call) {
		return false
	}
	if fn.Name() == "Error" && fn.Signature().Recv() != nil {
		return true // err.Error()
	}
	return fn.Pkg() != nil && purePackages[fn.Pkg().Path()] && fn.Signature().Recv() == nil
}

// mentions reports whether the handle's variable occurs in a node.
func (b *begin) mentions(n ast.Node) (found bool) {
	obj := b.object()
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && b.info.ObjectOf(id) == obj
		return true
	})
	return found
}
