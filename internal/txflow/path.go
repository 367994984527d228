package txflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// A stepKind tells what happened at a step of a path.
type stepKind uint8

const (
	stepBegin stepKind = iota
	stepBranch
	stepDeferred
	stepBack   // the next turn of a loop
	stepVain   // a finisher that does not end this kind of transaction
	stepFailed // a finisher that fails, and leaves the transaction open then
)

// A step is one event on a path, linked to the one before it, so that paths which
// begin alike share it.
type step struct {
	prev  *step
	kind  stepKind
	instr ssa.Instruction
	block *ssa.BasicBlock // where a stepBack leads, nil for the iterator
	depth int             // number of activations
	taken bool            // which way a branch went
	// forced: the path knew before the branch which way it would go.
	forced bool
	// idle are the conditions at a stepBack that no branch asks for.
	idle map[token.Pos]value
}

// maxPath bounds the steps that a path is told in; of a longer one the Begin and
// the end are.
const maxPath = 60

// sinceBegin returns the steps of a path from the last Begin on, in order.
func sinceBegin(last *step) []*step {
	var steps []*step
	for s := last; s != nil; s = s.prev {
		if len(steps) < maxPath || s.kind == stepBegin {
			steps = append(steps, s)
		}
		if s.kind == stepBegin {
			break
		}
	}
	slices.Reverse(steps)
	return steps
}

// A Step is one stage of the way from a Begin to a leaking exit, in words.
type Step struct {
	Pos, End token.Pos
	Text     string
}

// witness puts a path in words: the Begin, the branches that were open, the
// deferred calls and what they decided, the exit.
func (f *flow) witness(l *Leak, last *step) {
	src := f.source(l.fn)
	steps := sinceBegin(last)
	inDeferred := 0
	for _, s := range steps {
		if inDeferred > 0 && s.depth <= inDeferred {
			inDeferred = 0
		}
		switch s.kind {
		case stepBegin:
			l.Path = append(l.Path, f.beginSteps(l, s)...)
			l.Path = append(l.Path, f.withoutCancel(l, s.prev)...)
		case stepDeferred:
			inDeferred = s.depth
		case stepVain, stepFailed:
			l.Path = append(l.Path, f.vainStep(l, s)...)
		case stepBranch:
			expr := f.source(s.instr.Parent()).condition(s.instr.(*ssa.If))
			if expr == nil {
				continue
			}
			text := src.condText(expr, s.taken)
			switch {
			case inDeferred > 0:
				text = "deferred function: " + text + f.shadowNote(l, expr)
			case s.forced:
				continue
			}
			l.Path = append(l.Path, Step{Pos: expr.Pos(), End: expr.End(), Text: text})
			if within(s.instr.Parent(), l.fn) {
				l.lastCond = src.condText(expr, s.taken)
			}
		}
	}
}

// withoutCancel tells that there is no function to cancel the context by, where the path
// decided so ahead of the Begin: with one, its deferred call would end the transaction.
// Have: ctx, cancel := timeout(); if cancel != nil { defer cancel() }
func (f *flow) withoutCancel(l *Leak, last *step) []Step {
	for s := last; s != nil; s = s.prev {
		if s.kind != stepBranch || s.instr.Parent() != l.fn || !isCancelTest(s.instr.(*ssa.If).Cond) {
			continue
		}
		src := f.source(l.fn)
		test, ok := src.condition(s.instr.(*ssa.If)).(*ast.BinaryExpr)
		if !ok || !src.assignedTogether(l.ctx, test.X) && !src.assignedTogether(l.ctx, test.Y) {
			continue
		}
		l.noCancel = src.condText(test, s.taken)
		return []Step{{Pos: test.Pos(), End: test.End(), Text: l.noCancel + ": nothing cancels its context"}}
	}
	return nil
}

// assignedTogether reports whether two variables get their values from one call.
func (s *source) assignedTogether(a, b ast.Expr) (found bool) {
	one, other := s.object(a), s.object(b)
	if one == nil || other == nil {
		return false
	}
	ast.Inspect(s.root, func(n ast.Node) bool {
		if stmt, ok := n.(*ast.AssignStmt); ok && len(stmt.Rhs) == 1 {
			has := func(obj types.Object) bool {
				return slices.ContainsFunc(stmt.Lhs, func(x ast.Expr) bool { return s.object(x) == obj })
			}
			found = found || has(one) && has(other)
		}
		return !found
	})
	return found
}

// isCancelTest reports whether a condition compares a context.CancelFunc with nil.
func isCancelTest(cond ssa.Value) bool {
	x, _, ok := comparedToNil(cond)
	if !ok {
		return false
	}
	named, ok := types.Unalias(x.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "context" {
		return false
	}
	_, isFunc := named.Underlying().(*types.Signature)
	return isFunc
}

// within reports whether fn is root, or a literal inside it: what another function
// decides by is in words that a reader of root does not know.
func within(fn, root *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == root {
			return true
		}
	}
	return false
}

// vainStep tells of a finisher that is there and does not do.
func (f *flow) vainStep(l *Leak, s *step) []Step {
	call := f.source(s.instr.Parent()).callOf(s.instr.(ssa.CallInstruction))
	if call == nil {
		return nil
	}
	does := " does not end what was begun with these arguments"
	if s.kind == stepFailed {
		does = " leaves it open when it fails"
	}
	l.Vain = types.ExprString(call.Fun) + does
	return []Step{{Pos: call.Pos(), End: call.End(), Text: l.Vain}}
}

// beginSteps tells of the Begin, and steps into the functions that lead to it, of this
// package and of others.
func (f *flow) beginSteps(l *Leak, s *step) []Step {
	call := Step{Pos: l.BeginPos, End: l.BeginEnd, Text: l.Opener + " opens transaction " + l.Name()}
	if l.Via == "" {
		return []Step{call}
	}
	call.Text = l.Opener + " calls " + l.Via + ", which opens transaction " + l.Name()
	steps := []Step{call}
	src := f.source(s.instr.Parent())
	if inner := src.callOf(s.instr.(ssa.CallInstruction)); inner != nil && inner.Pos() != l.BeginPos {
		steps = append(steps, Step{Pos: inner.Pos(), End: inner.End(), Text: src.text(inner.Fun) + " opens it"})
	}
	for _, o := range l.openings {
		if step, ok := f.stepAt(o); ok {
			steps = append(steps, step)
		}
	}
	return steps
}

func (f *flow) line(pos token.Pos) string {
	return strconv.Itoa(f.pass.Fset.Position(pos).Line)
}
