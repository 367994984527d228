package unfinishedtx

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// message says in one line which transaction is left open, where it was opened and
// under which condition. Different findings have different texts: golangci-lint
// shows only three findings with the same one.
func message(pass *analysis.Pass, l *txflow.Leak) string {
	line := pass.Fset.Position(l.BeginPos).Line
	when := ""
	if l.Cond != "" {
		when = " when " + l.Cond
	}
	k := kindOf(l.Duty)
	in := " (in " + l.Func + ")"
	via := ""
	if l.Via != "" {
		via = ", which calls " + l.Via + ","
	}
	switch l.Kind {
	case txflow.Discard:
		return fmt.Sprintf("discarding leaves the %s of %s open: nothing can %s what it begins on line %d%s%s",
			k.what, l.Opener, k.end, line, strings.TrimSuffix(via, ","), in)
	case txflow.NextRound:
		return fmt.Sprintf("next iteration leaves %s %s open: %s on line %d%s begins again before it is %s%s; a deferred call runs only when the function returns%s",
			k.what, l.Name(), l.Opener, line, via, k.ended, when, in)
	}
	return fmt.Sprintf("%s leaves %s %s open: %s on line %d%s is %s%s%s%s",
		l.Exit, k.what, l.Name(), l.Opener, line, via, k.unended, when, consequence(pass, l), in)
}

// A kind is how one speaks of what stays open.
type kind struct{ what, end, ended, unended string }

// kindOf returns the words for what a duty is about.
func kindOf(d *txflow.Duty) kind {
	if d != nil {
		switch d.Level {
		case savepoint:
			return kind{"savepoint", "release or roll back", "released or rolled back", "neither released nor rolled back"}
		case session:
			return kind{"session", "end", "ended", "not ended"}
		}
	}
	return kind{"transaction", "commit or roll back", "committed or rolled back", "neither committed nor rolled back"}
}

// consequence tells what becomes of the work, where that is not what one expects.
func consequence(pass *analysis.Pass, l *txflow.Leak) string {
	text := ""
	if l.Vain != "" {
		text = "; " + l.Vain
	}
	switch category(pass, l) {
	case contextBounded:
		text += "; it is rolled back silently when its context is cancelled"
	case soft:
		text += "; it holds no connection"
	case session:
		return text
	}
	if !readOnly(l) && l.Vain == "" && reportsSuccess(pass, l) && works(pass, l) {
		text += "; nothing commits the work on this path"
	}
	return text
}

// readOnly reports whether there can be no work to commit.
func readOnly(l *txflow.Leak) bool { return l.Duty != nil && l.Duty.ReadOnly }

// The categories of diagnostics.
const (
	transaction    = "transaction"
	contextBounded = "context-bounded"
	savepoint      = "savepoint"
	session        = "session"
	soft           = "soft"
)

// category tells what kind of thing stays open.
func category(pass *analysis.Pass, l *txflow.Leak) string {
	if l.Duty != nil {
		switch l.Duty.Level {
		case savepoint, session, soft:
			return string(l.Duty.Level)
		}
	}
	if bounded(pass.TypesInfo, l.Duty) {
		return contextBounded
	}
	return transaction
}

// reportsSuccess reports whether an exit tells the caller that all went well: with
// a nil error, with true, or with no result at all.
func reportsSuccess(pass *analysis.Pass, l *txflow.Leak) bool {
	if l.Duty == nil || l.Kind == txflow.AtEnd {
		return l.Kind == txflow.AtEnd
	}
	if l.Kind != txflow.AtReturn {
		return false
	}
	var found *ast.ReturnStmt
	ast.Inspect(l.Duty.Func, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && r.Pos() == l.Pos {
			found = r
		}
		return found == nil && n != nil && n.Pos() <= l.Pos && l.Pos < n.End()
	})
	if found == nil || len(found.Results) == 0 {
		return false // by a guard, or by named results
	}
	last := found.Results[len(found.Results)-1]
	tv := pass.TypesInfo.Types[last]
	return tv.IsNil() && isError(pass.TypesInfo, l.Duty.Func) || tv.Value != nil && tv.Value.String() == "true"
}

// isError reports whether the last result of a function is an error.
func isError(info *types.Info, fn ast.Node) bool {
	var t *ast.FuncType
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		t = fn.Type
	case *ast.FuncLit:
		t = fn.Type
	}
	if t == nil || t.Results == nil {
		return false
	}
	last := t.Results.List[len(t.Results.List)-1]
	return isErrorType(info.TypeOf(last.Type))
}

var readName = regexp.MustCompile(`^(Query|Select|Get|Find|First|Read|Scan|Rollback|Commit|Raw|QueryTable|Prepare|Error|Close)`)

// works reports whether the transaction is used for more than reading between its
// Begin and the exit, as far as the text shows.
func works(pass *analysis.Pass, l *txflow.Leak) (found bool) {
	if l.Duty == nil || l.Duty.Handle == nil {
		return false
	}
	id := rootIdent(l.Duty.Handle)
	if id == nil {
		return false
	}
	obj := pass.TypesInfo.ObjectOf(id)
	uses := func(x ast.Expr) bool {
		id := rootIdent(x)
		return id != nil && obj != nil && pass.TypesInfo.ObjectOf(id) == obj
	}
	ast.Inspect(l.Duty.Func, func(n ast.Node) bool {
		if found || n == nil || n.End() <= l.BeginEnd || n.Pos() > l.Pos {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Pos() < l.BeginEnd {
			return true
		}
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && uses(sel.X) && !readName.MatchString(sel.Sel.Name) {
			found = true
		}
		return true
	})
	return found
}
