package unfinishedtx

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A transaction that only a context carries is ended before the exits, by a function that is
// given that context.
// Have: if err := work(ctx); err != nil { dropScope(ctx); return err }

// inContext reports whether the rollback is such a function.
func (b *begin) inContext() bool {
	return len(b.duty.Rollbacks) > 0 && b.duty.Rollbacks[0].On != nil
}

// carries reports whether the variable has the context of the Begin at a return, what rolls
// back can be called there, and nobody else may have to end the transaction.
func (b *begin) carries(l *txflow.Leak) bool {
	if l.Kind != txflow.AtReturn || !b.inScope(l.Pos) || b.kept() || b.duty.Foreign || b.duty.Shared ||
		l.Elsewhere.Unborn || l.Elsewhere.Finished {
		return false
	}
	from, to := b.duty.Call.End(), l.Pos
	if b.duty.InLoop || b.hasGoto() {
		to = b.body().End()
	}
	r := b.duty.Rollbacks[0]
	if b.changesBetween(b.duty.Handle, from, to) {
		return false
	}
	if r.Func.Signature().Recv() == nil {
		return b.visible(l.Pos, types.ExprString(r.On))
	}
	return rootIdent(r.On) != nil && b.isPlainAt(r.On, l.Pos) && !b.changesBetween(r.On, from, to)
}

// givenContext writes the call of such a function, with an error or without.
func (b *begin) givenContext(r *txflow.Rollback, err string) string {
	text := types.ExprString(ast.Unparen(r.On))
	if r.Func.Signature().Recv() != nil {
		text += "." + r.Func.Name()
	}
	args := []string{b.handle}
	switch {
	case err != "" && r.Last:
		args = []string{err, b.handle}
	case err != "":
		args = append(args, err)
	}
	return text + "(" + strings.Join(args, ", ") + ")"
}
