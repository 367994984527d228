package unfinishedtx

import (
	"bytes"
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// retry tries all plans at once, and changes those that leave a leak behind. It
// reports whether it changed any.
func (m *mender) retry() bool {
	m.share()
	all := make(map[*file]edits)
	edited := make(map[ast.Decl]bool)
	for _, b := range m.begins {
		all[b.file] = append(all[b.file], b.edits...)
		if len(b.edits) > 0 {
			edited[b.file.declaration(b.duty.Func)] = true
		}
	}
	texts := make(map[*ast.File][]byte)
	for f, e := range all {
		if len(e) > 0 {
			all[f] = e.sorted()
			texts[f.syntax] = all[f].apply(f)
		}
	}
	if len(texts) == 0 {
		return false
	}
	again, err := m.res.Again(texts, edited)
	if errors.Is(err, txflow.ErrWork) {
		for _, b := range m.begins {
			b.plan, b.edits = givenUp, nil
		}
		return false
	}
	if err != nil {
		return m.refused(err, all)
	}
	return m.survived(again, &trial{again.Fset(), all})
}

// share lets one deferred call end all that it ends.
// Have: a session that leaks, and a transaction of it: defer session.EndSession(ctx)
func (m *mender) share() {
	for _, b := range m.begins {
		for _, earlier := range m.begins {
			if b.plan == deferring && earlier.plan == deferring && earlier.defersFor(b) {
				b.edits = earlier.edits
			}
		}
	}
}

// defersFor reports whether what b defers is deferred above another Begin, which would have
// the same deferred.
func (b *begin) defersFor(later *begin) bool {
	if b.duty.Func != later.duty.Func || b.object() != later.object() || len(b.edits) != 1 || len(later.edits) != 1 {
		return false
	}
	x, y := b.edits[0], later.edits[0]
	at := b.anchors()[0]
	return x.Pos < y.Pos && bytes.Equal(bytes.TrimSpace(x.NewText), bytes.TrimSpace(y.NewText)) &&
		at.pos() <= later.duty.Call.Pos() && later.duty.Call.End() <= at.block.End() && !b.reassigned(true, later.duty.Call.Pos())
}

// survived changes the plans that left a leak behind: each gets what it lacks, or
// else makes room for the next one. A leak of another Begin that was not there
// before is the fault of what was done in its function.
func (m *mender) survived(again *txflow.Result, t *trial) (changed bool) {
	failed := make(map[*begin]bool) // true where nothing helped
	for _, l := range again.Leaks {
		begin, exit := t.origin(l.BeginPos), t.origin(l.Pos)
		switch b := m.beginAt(begin); {
		case b == nil:
			changed = !m.leaked(begin) && m.spoil(begin) || changed
		case b.edits == nil || b.silencedAt(m.res, exit):
		case b.extend(l, exit, t):
			failed[b] = false
		default:
			if _, seen := failed[b]; !seen {
				failed[b] = true
			}
		}
	}
	for pos := range again.Doubts {
		for _, b := range m.begins {
			if t.isPartOf(pos, b) {
				failed[b] = true
			}
		}
	}
	for _, b := range m.begins {
		nothing, seen := failed[b]
		if nothing {
			m.next(b)
		}
		changed = changed || seen
	}
	return changed
}

// beginAt returns the begin at a position, if it is to be mended.
func (m *mender) beginAt(pos token.Pos) *begin {
	for _, b := range m.begins {
		if b.duty.Call.Pos() == pos {
			return b
		}
	}
	return nil
}

// leaked reports whether the Begin at a position leaked before.
func (m *mender) leaked(pos token.Pos) bool {
	return slices.ContainsFunc(m.res.Leaks, func(l *txflow.Leak) bool { return l.BeginPos == pos })
}

// silencedAt reports whether the user has silenced the leak of b at an exit.
func (b *begin) silencedAt(res *txflow.Result, exit token.Pos) bool {
	for _, l := range b.leaks {
		if l.Pos == exit {
			return false
		}
	}
	for _, l := range res.Leaks {
		if l.Duty == b.duty && l.Pos == exit {
			return true
		}
	}
	return false
}

// next gives b its next plan.
func (m *mender) next(b *begin) bool {
	b.plan = b.plan.next()
	m.replan(b)
	return true
}

// spoil changes every plan in the function around pos.
func (m *mender) spoil(pos token.Pos) (changed bool) {
	for _, b := range m.begins {
		if f := b.duty.Func; b.edits != nil && f.Pos() <= pos && pos < f.End() {
			changed = m.next(b) || changed
		}
	}
	return changed
}

// refused changes the plans that do not compile, all of them if it is not clear
// which.
func (m *mender) refused(err error, all map[*file]edits) (changed bool) {
	var broken types.Error
	if errors.As(err, &broken) && m.spoil((&trial{broken.Fset, all}).origin(broken.Pos)) {
		return true
	}
	for _, b := range m.begins {
		if b.edits != nil {
			changed = m.next(b) || changed
		}
	}
	return changed
}

// extend adds to the edits of b what a leak that has survived them needs: of paths
// to one exit, or round one loop, only the first is shown.
func (b *begin) extend(l *txflow.Leak, exit token.Pos, t *trial) bool {
	if b.plan != exiting && b.plan != reaching {
		return false
	}
	moved := *l
	moved.Pos = exit
	var jumps []token.Pos
	for _, jump := range l.Jumps {
		jumps = append(jumps, t.origin(jump.Pos()))
	}
	more := append(slices.Clip(b.edits), b.atExit(&moved, jumps)...).sorted()
	if len(more) == len(b.edits) || !more.keepTidy(b.file, b.duty.Func) {
		return false
	}
	b.edits = more
	return true
}

// A trial is the package after some edits.
type trial struct {
	fset *token.FileSet
	all  map[*file]edits
}

// isPartOf reports whether a position of the mended package is in what the edits of a begin
// have put there.
func (t *trial) isPartOf(pos token.Pos, b *begin) bool {
	tok := t.fset.File(pos)
	if tok == nil || tok.Name() != b.file.tok.Name() {
		return false
	}
	_, e := t.all[b.file].at(b.file, tok.Offset(pos))
	return e != nil && slices.ContainsFunc(b.edits, func(mine analysis.TextEdit) bool {
		return mine.Pos == e.Pos && bytes.Equal(mine.NewText, e.NewText)
	})
}

// origin returns where a position of the mended package was before.
func (t *trial) origin(pos token.Pos) token.Pos {
	if !pos.IsValid() {
		return pos
	}
	tok := t.fset.File(pos)
	for f, e := range t.all {
		if f.tok.Name() == tok.Name() {
			before, _ := e.at(f, tok.Offset(pos))
			return f.tok.Pos(before)
		}
	}
	return pos // an unchanged file
}
