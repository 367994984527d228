package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// Bounds of the work.
const (
	// maxTries is how often a package is analysed again to find its fixes. A plan that
	// still changes after patience tries is given up, so that the others need not wait
	// for it.
	maxTries = 12
	patience = 8
	// maxEdits is how many edits the reports of one Begin carry together. All of them
	// carry all edits, so that this grows with the square of the exits; beyond the bound
	// only the first report does, and whoever applies all fixes does the same.
	maxEdits = 20_000
)

// A begin is one Begin whose transaction leaks, with the fix that is being tried.
type begin struct {
	duty  *txflow.Duty
	leaks []*txflow.Leak // those that are reported
	// silenced: other leaks of the Begin are not reported, by the user's wish.
	silenced bool

	pkg    *types.Package
	info   *types.Info
	files  []*ast.File // of the package
	file   *file
	handle string   // source text of duty.Handle
	err    ast.Expr // what is checked for the error of the Begin
	style  *style
	// known are the variables that may lead to the transaction, ends the deferred calls
	// with such; both are found out once.
	known map[types.Object]bool
	ends  *[]*ast.DeferStmt
	// private: the variable of the handle is used for nothing but its methods. nearly: and
	// those of its fields.
	private, nearly bool
	// givesEnd: a method of it is given away, which may end the transaction later.
	givesEnd bool

	// branch: the Begin ends an arm of it, and beside are those of the other arms.
	branch ast.Stmt
	beside []*begin

	plan  plan
	edits edits
}

// A plan is a way to mend.
type plan uint8

const (
	naming    plan = iota // a rollback of what was thrown away
	raising               // what is deferred too late, deferred sooner
	deferring             // one deferred rollback
	copying               // what else the function calls on other paths, before each exit
	exiting               // a rollback before each exit
	reaching              // the same, by a field of the handle where that has a Close of its own
	givenUp
)

// next is the plan to try when one does not work.
func (p plan) next() plan {
	if p == naming {
		return givenUp
	}
	return p + 1
}

// A mender finds the fixes of one package: it plans them all, has the result
// type-checked and analysed again, and changes the plans that did not work.
type mender struct {
	pass   *analysis.Pass
	res    *txflow.Result
	files  map[*token.File]*file
	begins []*begin
}

// fixes returns the fix of each leak that has one: the same for all that are
// reported of a Begin.
func fixes(pass *analysis.Pass, res *txflow.Result, reported []*txflow.Leak) map[*txflow.Leak]analysis.SuggestedFix {
	m := &mender{pass: pass, res: res, files: make(map[*token.File]*file)}
	m.collect(reported)
	for try := range maxTries {
		before := make([]edits, len(m.begins))
		for i, b := range m.begins {
			before[i] = b.edits
		}
		if !m.retry() {
			return m.result()
		}
		for i, b := range m.begins {
			if try >= patience && len(b.edits) != len(before[i]) {
				b.plan, b.edits = givenUp, nil
			}
		}
	}
	return nil
}

// collect makes a begin for each Begin whose leaks can be mended at all.
func (m *mender) collect(reported []*txflow.Leak) {
	byDuty := make(map[*txflow.Duty]*begin)
	for _, l := range reported {
		b := byDuty[l.Duty]
		if b == nil {
			b = m.newBegin(l)
			byDuty[l.Duty] = b
		}
		if b != nil {
			b.leaks = append(b.leaks, l)
		}
	}
	count := make(map[*txflow.Duty]int)
	for _, l := range m.res.Leaks {
		count[l.Duty]++
	}
	m.findArms()
	for _, b := range m.begins {
		b.silenced = len(b.leaks) < count[b.duty]
		m.replan(b)
	}
}

// newBegin is nil where no fix is possible.
func (m *mender) newBegin(l *txflow.Leak) *begin {
	d := l.Duty
	if d == nil || d.Call == nil || len(d.Rollbacks) == 0 && l.Kind == txflow.Discard {
		return nil
	}
	f := m.fileAt(d.Call.Pos())
	if f == nil {
		return nil
	}
	b := &begin{duty: d, err: d.Err, pkg: m.pass.Pkg, info: m.pass.TypesInfo, files: m.pass.Files, file: f}
	if l.Kind == txflow.Discard {
		b.handle = b.freeName("tx")
		b.style = b.styleOf()
		m.begins = append(m.begins, b)
		return b
	}
	if b.object() == nil || isBlank(d.Handle) {
		return nil
	}
	b.plan, b.handle = raising, types.ExprString(d.Handle)
	if b.hasParallel() {
		return nil // t.Cleanup would do, which no path of the function shows
	}
	b.style, b.private, b.givesEnd = b.styleOf(), b.isPrivate(), b.isGivenAway()
	b.nearly = b.private || b.isNearlyPrivate()
	if b.inContext() {
		b.plan = exiting
	}
	m.begins = append(m.begins, b)
	return b
}

func (m *mender) fileAt(pos token.Pos) *file {
	tok := m.pass.Fset.File(pos)
	f, seen := m.files[tok]
	if seen {
		return f
	}
	for _, syntax := range m.pass.Files {
		if m.pass.Fset.File(syntax.FileStart) == tok {
			f = newFile(m.pass, syntax)
		}
	}
	m.files[tok] = f
	return f
}

// replan makes the edits of b's plan, or of the next one that has any.
func (m *mender) replan(b *begin) {
	for ; b.plan < givenUp; b.plan = b.plan.next() {
		b.edits = b.planned().sorted()
		if len(b.edits) > 0 && b.edits.keepTidy(b.file, b.duty.Func) {
			return
		}
	}
	b.edits = nil
}

// planned makes the edits of the plan. Where no method of the handle rolls back, only what the
// function does itself is known to.
func (b *begin) planned() edits {
	switch b.plan {
	case raising:
		return b.raising()
	case copying:
		return b.copied()
	}
	if len(b.duty.Rollbacks) == 0 {
		return nil
	}
	switch b.plan {
	case naming:
		return b.named()
	case deferring:
		return b.deferral()
	}
	return b.perExit()
}

// result returns the fixes that were found.
func (m *mender) result() map[*txflow.Leak]analysis.SuggestedFix {
	found := make(map[*txflow.Leak]analysis.SuggestedFix)
	for _, b := range m.begins {
		if len(b.edits) == 0 {
			continue
		}
		text := "Roll back " + b.handle + " when the function returns"
		switch b.plan {
		case naming:
			text = "Roll back the transaction that is thrown away"
		case exiting, reaching, copying:
			text = "Roll back " + b.handle + " before each exit that leaves it open"
		}
		carriers := b.leaks
		if len(b.edits)*len(b.leaks) > maxEdits {
			carriers = b.leaks[:1]
		}
		for _, l := range carriers {
			found[l] = analysis.SuggestedFix{Message: text, TextEdits: b.edits}
		}
	}
	return found
}

// kept reports whether somebody else may have to finish the transaction. The flow
// pass may not know; a variable that is used for nothing but its methods tells.
func (b *begin) kept() bool {
	return b.duty.Later || b.givesEnd || b.duty.Kept && !b.private || b.duty.Unsure && !b.nearly
}

// isGivenAway reports whether a method of the handle is mentioned without a call, for
// somebody who calls it later.
// Have: queue.Push(tx.Commit)
func (b *begin) isGivenAway() (given bool) {
	obj := b.object()
	ast.Inspect(b.body(), func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !b.isVariable(sel.X, obj) {
			return !given
		}
		if _, isMethod := b.info.Uses[sel.Sel].(*types.Func); isMethod {
			call, ok := b.file.parent[sel].(*ast.CallExpr)
			given = given || !ok || call.Fun != ast.Expr(sel)
		}
		return !given
	})
	return given
}

// isPrivate reports whether the handle's variable is only assigned, compared, and
// used to call its methods, which no function literal does that somebody may keep.
func (b *begin) isPrivate() bool { return b.privateAbove(b.file.syntax.FileEnd, b.isCallee) }

// isNearlyPrivate is isPrivate for a variable of the function's own of which methods of its
// fields are called as well: who has those may look at the transaction.
// Have: tx.User.Query().Only(ctx)
func (b *begin) isNearlyPrivate() bool {
	obj := b.object()
	if obj == nil || b.handleIsField() || !b.isOwn(obj) {
		return false
	}
	return b.privateAbove(b.file.syntax.FileEnd, func(sel *ast.SelectorExpr) bool {
		for {
			outer, ok := b.file.parent[sel].(*ast.SelectorExpr)
			if !ok {
				return b.isCallee(sel)
			}
			sel = outer
		}
	})
}

// isCallee reports whether a selector is what a call calls.
func (b *begin) isCallee(sel *ast.SelectorExpr) bool {
	call, ok := b.file.parent[sel].(*ast.CallExpr)
	return ok && call.Fun == ast.Expr(sel)
}

// keptAbove is kept for a place: what stands below it in the scope of the variable has
// not been executed there, unless a loop or a goto has led back.
func (b *begin) keptAbove(pos token.Pos) bool {
	if !b.kept() {
		return false
	}
	loop := b.loopAround(pos)
	straight := len(b.loops(pos)) == len(b.loops(b.duty.Call.Pos())) &&
		(loop == nil || loop.Pos() < b.object().Pos()) && !b.hasGoto()
	return !straight || !b.privateAbove(pos, b.isCallee)
}

// privateAbove is isPrivate for what stands above a place, where a selector of the variable
// may be such as is said.
func (b *begin) privateAbove(pos token.Pos, may func(*ast.SelectorExpr) bool) bool {
	private := true
	obj := b.object()
	ast.Inspect(b.file.syntax, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || b.info.ObjectOf(id) != obj || id.Pos() >= pos {
			return true
		}
		switch p := b.file.parent[id].(type) {
		case *ast.SelectorExpr:
			private = private && p.X == id && may(p) && !b.inLiteral(id)
		case *ast.AssignStmt:
			private = private && slices.Contains(p.Lhs, ast.Expr(id))
		case *ast.BinaryExpr, *ast.ValueSpec:
		default:
			private = false
		}
		return private
	})
	return private
}

// inLiteral reports whether a node is in a function literal that is more than called
// or deferred where it stands: whoever has it can end the transaction.
func (b *begin) inLiteral(n ast.Node) bool {
	for ; n != nil && n != b.duty.Func; n = b.file.parent[n] {
		lit, ok := n.(*ast.FuncLit)
		if !ok {
			continue
		}
		if call, ok := b.file.parent[lit].(*ast.CallExpr); !ok || call.Fun != ast.Expr(lit) {
			return true
		}
	}
	return false
}

// body returns the body of the function that owes the end.
func (b *begin) body() *ast.BlockStmt {
	switch f := b.duty.Func.(type) {
	case *ast.FuncDecl:
		return f.Body
	case *ast.FuncLit:
		return f.Body
	}
	return new(ast.BlockStmt)
}
