package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
)

// named returns the edits that give a transaction which is thrown away a name, and
// roll it back: nobody else can.
func (b *begin) named() edits {
	stmt := b.file.stmtAround(b.duty.Call)
	r := b.choose(false, false)
	if r == nil || b.duty.OnReceiver || b.duty.Borrowed || b.duty.Shared || b.silenced {
		return nil
	}
	if p, ok := b.file.parent[stmt].(*ast.IfStmt); ok && p.Init == stmt {
		return b.otherwise(p, r)
	}
	if !b.ofCall(stmt) {
		return nil
	}
	if b.duty.Err != nil && !isBlank(b.duty.Err) {
		return b.renamed(stmt, r)
	}
	return b.atOnce(stmt, r)
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// ofCall reports whether a statement does nothing but call the Begin, and stands in a
// list of statements.
func (b *begin) ofCall(stmt ast.Stmt) bool {
	switch b.file.parent[stmt].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
	default:
		return false
	}
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		return ast.Unparen(s.X) == ast.Expr(b.duty.Call)
	case *ast.AssignStmt:
		return len(s.Rhs) == 1 && ast.Unparen(s.Rhs[0]) == ast.Expr(b.duty.Call)
	}
	return false
}

// Have: if _, err := db.Begin(); err != nil { return err }
func (b *begin) otherwise(n *ast.IfStmt, r *txflow.Rollback) edits {
	all, call := b.rename(n.Init), b.call(r, n.Body.End())
	if all == nil || call == "" || n.Else != nil || b.check(n.Cond) != ifFailed {
		return nil
	}
	if r.Fails {
		call = "_ = " + call
	}
	indent := b.file.indent(n.Pos())
	return append(all, *insert(n.Body.End(), " else {\n"+indent+"\t"+call+"\n"+indent+"}"))
}

// rename puts a name where the statement of the Begin has a blank.
func (b *begin) rename(stmt ast.Stmt) edits {
	a, ok := stmt.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE || b.duty.Result >= len(a.Lhs) || !isBlank(a.Lhs[b.duty.Result]) {
		return nil
	}
	blank := a.Lhs[b.duty.Result]
	return edits{{Pos: blank.Pos(), End: blank.End(), NewText: []byte(b.handle)}}
}

// Have: _, err := db.Begin()
func (b *begin) renamed(stmt ast.Stmt, r *txflow.Rollback) edits {
	all := b.rename(stmt)
	if all == nil {
		return nil
	}
	for _, at := range b.anchors() {
		lines := b.endLines(r, at.pos())
		if lines == nil {
			return nil
		}
		if !at.checked {
			lines = slices.Concat([]string{"if " + types.ExprString(b.duty.Err) + " == nil {"}, indented(lines), []string{"}"})
		}
		e := at.edit(b.file, lines)
		if e == nil {
			return nil
		}
		all = append(all, *e)
	}
	if len(all) == 1 {
		return nil
	}
	return all
}

// endLines writes the rollback for behind the error check: deferred, as the author may
// come to use the transaction, but not in a loop.
func (b *begin) endLines(r *txflow.Rollback, pos token.Pos) []string {
	if !b.duty.InLoop && r.Repeats {
		return b.deferLines(pos)
	}
	call := b.call(r, pos)
	switch {
	case call == "":
		return nil
	case r.Fails:
		call = "_ = " + call
	}
	return []string{call}
}

// Have: db.Begin() alone, or with nothing but blanks.
func (b *begin) atOnce(stmt ast.Stmt, r *txflow.Rollback) edits {
	call := b.call(r, stmt.Pos())
	if call == "" {
		return nil
	}
	if r.Fails {
		call = "_ = " + call
	}
	names, worked := b.results()
	if worked == "" {
		return b.chained(stmt, r)
	}
	text, indent := b.file.source(b.duty.Call), b.file.indent(stmt.Pos())
	lines := []string{"if " + names + " := " + text + "; " + worked + " {", "\t" + call, "}"}
	if strings.Contains(text, "\n") {
		return nil
	}
	return edits{{Pos: stmt.Pos(), End: stmt.End(), NewText: []byte(strings.Join(lines, "\n"+indent))}}
}

// results names those of the Begin that are needed, and writes the condition under
// which it has worked, "" if there is none.
func (b *begin) results() (names, worked string) {
	res, ok := b.info.TypeOf(b.duty.Call.Fun).Underlying().(*types.Signature)
	if !ok {
		return "", ""
	}
	var all []string
	for i := range res.Results().Len() {
		name := "_"
		switch t := res.Results().At(i).Type(); {
		case i == b.duty.Result:
			name = b.handle
			if worked == "" && nilable(t) && !b.duty.LiveOnErr {
				worked = name + " != nil"
			}
		case isErrorType(t):
			name, worked = "err", "err == nil"
		}
		all = append(all, name)
	}
	return strings.Join(all, ", "), worked
}

// Have: db.Begin(), of which the only result can be used whatever became of it
func (b *begin) chained(stmt ast.Stmt, r *txflow.Rollback) edits {
	if _, alone := stmt.(*ast.ExprStmt); !alone || !b.duty.LiveOnErr {
		return nil
	}
	end := strings.TrimPrefix(b.call(r, stmt.Pos()), b.handle)
	return edits{{Pos: b.duty.Call.End(), End: b.duty.Call.End(), NewText: []byte(end)}}
}
