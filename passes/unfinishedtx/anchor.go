package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// An anchor is the place right behind the error check of a Begin, from where on
// the transaction is open.
type anchor struct {
	// after is the statement that ends above the place, or start the opening of
	// the block that begins there: a brace or the colon of a case.
	after ast.Stmt
	start token.Pos
	block ast.Node // the block, or the clause, around the place
	// checked: the place is not reached if the Begin failed, or all that follows
	// relies on that as well.
	checked bool
}

func (a *anchor) pos() token.Pos {
	if a.after != nil {
		return a.after.End()
	}
	return a.start
}

// edit puts lines at the place.
func (a *anchor) edit(f *file, lines []string) *analysis.TextEdit {
	if a.after != nil {
		return f.behind(a.after.End(), f.indent(a.after.Pos()), lines)
	}
	return f.behind(a.start+1, f.indent(a.start)+"\t", lines)
}

// anchors finds where the transaction is known to be open: one place, or one for
// each case of a switch; none if there is no such place.
func (b *begin) anchors() []anchor {
	all := b.checks()
	// Where the Begin tells whose the transaction is, that is asked as well.
	if !b.duty.Wrapped || b.duty.Foreign && b.owner() != nil {
		return all
	}
	// A function that begins may also return neither a transaction nor an error.
	for i, a := range all {
		all[i].checked = a.checked && !slices.ContainsFunc(b.duty.UnbornAt, func(pos token.Pos) bool {
			return a.pos() <= pos && pos < a.block.End()
		})
	}
	return all
}

// checks finds the places by the syntax alone.
func (b *begin) checks() []anchor {
	b.err = b.duty.Err
	stmt := b.file.stmtAround(b.duty.Call)
	if b.branch != nil {
		if all := b.behindBranch(); !slices.ContainsFunc(all, func(a anchor) bool { return b.leaksAbove(a.pos()) }) {
			return all
		}
		b.err = b.duty.Err
	}
	if n, ok := stmt.(*ast.IfStmt); ok {
		return b.ifAnchors(n, false) // Have: if o.Begin() != nil
	}
	switch p := b.file.parent[stmt].(type) {
	case *ast.IfStmt:
		if p.Init == stmt {
			return b.ifAnchors(p, b.declares(stmt))
		}
	case *ast.SwitchStmt:
		if p.Init == stmt && p.Tag == nil {
			return b.switchAnchors(p)
		}
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		return b.listAnchors(p, stmt)
	}
	return nil
}

// Have: tx, err := db.Begin()
func (b *begin) listAnchors(block ast.Node, stmt ast.Stmt) []anchor {
	next := following(block, stmt)
	unchecked := []anchor{{after: stmt, block: block, checked: b.usedAtOnce(next)}}
	checked := b.checkedAnchors(block, next)
	if checked == nil || slices.ContainsFunc(checked, func(a anchor) bool { return b.leaksAbove(a.pos()) }) {
		return unchecked
	}
	return checked
}

// leaksAbove reports whether the function is left with the transaction open between the
// Begin and a place.
// Have: if err != nil || stopped { return err }
func (b *begin) leaksAbove(pos token.Pos) bool {
	return slices.ContainsFunc(b.leaks, func(l *txflow.Leak) bool { return b.duty.Call.End() <= l.Pos && l.Pos < pos })
}

// checkedAnchors finds the places below the error check that comes next, nil if none does.
func (b *begin) checkedAnchors(block ast.Node, next ast.Stmt) []anchor {
	for range maxBetween {
		switch n := next.(type) {
		case *ast.IfStmt:
			if (n.Init == nil || b.notesErr(n.Init)) && b.check(n.Cond) != notACheck {
				return b.ifAnchors(n, false)
			}
		case *ast.SwitchStmt:
			if n.Init == nil && n.Tag == nil && b.leavesIfFailed(n) {
				return []anchor{{after: n, block: block, checked: true}}
			}
			return nil
		case *ast.ExprStmt:
			// Have: must(err)
			if call, ok := n.X.(*ast.CallExpr); ok && b.checker(call) {
				return []anchor{{after: n, block: block, checked: true}}
			}
		}
		if !b.notesErr(next) && !b.passesBy(next) {
			break
		}
		next = following(block, next)
	}
	return nil
}

// notesErr notes the variable into which a statement puts the error of a Begin that the handle
// has: it is what is checked from there on. It reports whether there is one.
// Have: err := tx.Error
func (b *begin) notesErr(stmt ast.Stmt) bool {
	a, ok := stmt.(*ast.AssignStmt)
	if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 || !b.fieldOfHandle(a.Rhs[0]) {
		return false
	}
	if _, isIdent := a.Lhs[0].(*ast.Ident); !isIdent {
		return false
	}
	b.err = a.Lhs[0]
	return true
}

// maxBetween bounds the statements between a Begin and its error check.
const maxBetween = 5

// passesBy reports whether a statement between a Begin and its error check has nothing to
// do with the transaction, leads nowhere else, and leaves the error, or adds to it. What a
// literal does that is deferred comes later, and may roll back.
// Have: log.Println("begun", err); err = wrap(err); query := "SELECT 1"
func (b *begin) passesBy(stmt ast.Stmt) bool {
	if d, ok := stmt.(*ast.DeferStmt); ok {
		_, isLit := d.Call.Fun.(*ast.FuncLit)
		return isLit && len(d.Call.Args) == 0 && (!slices.Contains(b.deferredEnds(), d) || b.undoes(d))
	}
	if stmt == nil || b.mentions(stmt) {
		return false
	}
	by := true
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt, *ast.BranchStmt, *ast.LabeledStmt, *ast.GoStmt, *ast.SelectStmt, *ast.ForStmt, *ast.RangeStmt:
			by = false
		case *ast.ExprStmt:
			by = by && !leaves([]ast.Stmt{n})
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				adds := len(n.Lhs) == len(n.Rhs) && b.mentionsErr(n.Rhs[i])
				by = by && (adds || !b.same(l, b.err))
			}
		}
		return by
	})
	return by
}

func (b *begin) mentionsErr(x ast.Expr) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		found = found || ok && b.same(e, b.err)
		return !found
	})
	return found
}

// leavesIfFailed reports whether a switch behind the Begin is left, when that has failed,
// to somewhere else.
// Have: switch { case err == sql.ErrConnDone: return nil; case err != nil: return err }
func (b *begin) leavesIfFailed(n *ast.SwitchStmt) bool {
	for _, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		if !leaves(c.Body) {
			return false
		}
		for _, cond := range c.List {
			if b.check(cond) == ifFailed {
				return true
			}
		}
	}
	return false
}

// Have: if tx, err := db.Begin(); err != nil { ... } else { ... }, with or without
// an init statement. inner: the handle is out of scope after the if.
func (b *begin) ifAnchors(n *ast.IfStmt, inner bool) []anchor {
	els, _ := n.Else.(*ast.BlockStmt)
	switch b.check(n.Cond) {
	case ifWorked:
		return []anchor{{start: n.Body.Lbrace, block: n.Body, checked: true}}
	case ifFailed:
		switch {
		case els != nil:
			return []anchor{{start: els.Lbrace, block: els, checked: true}}
		case n.Else == nil && !inner && leaves(n.Body.List):
			return []anchor{{after: n, block: b.file.parent[n], checked: true}}
		}
	}
	return nil
}

// Have: switch tx, err := db.Begin(); { case err != nil: ... default: ... }
func (b *begin) switchAnchors(n *ast.SwitchStmt) (all []anchor) {
	hasDefault := false
	for i, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		if i == 0 {
			if len(c.List) != 1 || b.check(c.List[0]) != ifFailed || !leaves(c.Body) {
				return nil
			}
			continue
		}
		hasDefault = hasDefault || c.List == nil
		all = append(all, anchor{start: c.Colon, block: c, checked: true})
	}
	if !hasDefault {
		return nil
	}
	return all
}

// declares reports whether a statement declares the variable of the transaction.
func (b *begin) declares(stmt ast.Stmt) bool {
	obj := b.object()
	return obj != nil && stmt.Pos() <= obj.Pos() && obj.Pos() < stmt.End()
}

// A checkKind tells what a condition says of the Begin.
type checkKind uint8

const (
	notACheck checkKind = iota
	ifFailed            // err != nil, tx == nil
	ifWorked            // err == nil, tx != nil
)

func (b *begin) check(cond ast.Expr) checkKind {
	c, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return notACheck
	}
	// Have: if err != nil || tx == nil
	for op, kind := range map[token.Token]checkKind{token.LOR: ifFailed, token.LAND: ifWorked} {
		if c.Op == op && (b.check(c.X) == kind || b.check(c.Y) == kind) {
			return kind
		}
	}
	x := c.X
	if b.isNil(x) {
		x = c.Y
	} else if !b.isNil(c.Y) {
		return notACheck
	}
	isErr := b.same(x, b.err) || b.fieldOfHandle(x) || b.duty.OnReceiver && ast.Unparen(x) == ast.Expr(b.duty.Call)
	isHandle := b.same(x, b.duty.Handle) && !b.duty.LiveOnErr && !b.duty.OnReceiver
	switch {
	case isErr && c.Op == token.NEQ, isHandle && c.Op == token.EQL:
		return ifFailed
	case isErr && c.Op == token.EQL, isHandle && c.Op == token.NEQ:
		return ifWorked
	}
	return notACheck
}

// Have: tx.Error
func (b *begin) fieldOfHandle(x ast.Expr) bool {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	return ok && b.duty.Err == nil && sel.Sel.Name == "Error" && b.same(sel.X, b.duty.Handle)
}

func (b *begin) isNil(x ast.Expr) bool { return b.info.Types[x].IsNil() }

// same reports whether two expressions name one variable or field path.
func (b *begin) same(x, y ast.Expr) bool {
	if x == nil || y == nil {
		return false
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		y, ok := ast.Unparen(y).(*ast.Ident)
		return ok && x.Name != "_" && b.info.ObjectOf(x) == b.info.ObjectOf(y)
	case *ast.SelectorExpr:
		y, ok := ast.Unparen(y).(*ast.SelectorExpr)
		return ok && b.info.ObjectOf(x.Sel) == b.info.ObjectOf(y.Sel) && b.same(x.X, y.X)
	case *ast.IndexExpr:
		y, ok := ast.Unparen(y).(*ast.IndexExpr)
		return ok && types.ExprString(x.Index) == types.ExprString(y.Index) && b.fixedIndex(x) && b.same(x.X, y.X)
	}
	return false
}

func (b *begin) fixedIndex(x *ast.IndexExpr) bool { return b.info.Types[x.Index].Value != nil }

var checkerName = regexp.MustCompile(`(?i)^(must|check|die|exit|fatal|panic|assert|require|noerr|handle)|noerror|nil$`)

// checker reports whether a call is given the Begin's error, and sounds as if it
// did not return with one. What tells how that went does, as testify's assert.NoError.
func (b *begin) checker(call *ast.CallExpr) bool {
	name := calledName(call)
	if name == nil || !checkerName.MatchString(name.Name) {
		return false
	}
	if sig, ok := b.info.TypeOf(call.Fun).(*types.Signature); !ok || sig.Results().Len() > 0 {
		return false
	}
	for _, a := range call.Args {
		if b.same(a, b.err) {
			return true
		}
	}
	return false
}

// usedAtOnce reports whether a statement calls a method of the transaction before
// it does anything else: a nil one would not survive that either.
func (b *begin) usedAtOnce(stmt ast.Stmt) bool {
	var x ast.Expr
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		x = s.Rhs[0]
	case *ast.IfStmt:
		if a, ok := s.Init.(*ast.AssignStmt); ok {
			x = a.Rhs[0]
		}
	}
	for x != nil {
		switch e := ast.Unparen(x).(type) {
		case *ast.CallExpr:
			x = e.Fun
		case *ast.SelectorExpr:
			if b.same(e.X, b.duty.Handle) {
				return true
			}
			x = e.X
		default:
			return false
		}
	}
	return false
}

var fatalName = regexp.MustCompile(`(?i)^(fatal|exit|die|must|skip|failnow|goexit|panic|abort|customabort|stoprun|fail)`)

// leaves reports whether a list of statements ends in one that leads elsewhere.
func leaves(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok != token.FALLTHROUGH
	case *ast.BlockStmt:
		return leaves(s.List)
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		name := calledName(call)
		return name != nil && fatalName.MatchString(name.Name)
	}
	return false
}
