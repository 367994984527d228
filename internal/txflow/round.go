package txflow

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A span is a place in the source.
type span struct{ pos, end token.Pos }

// roundsAt finds where a path goes round the loop that Begins again: the continue
// or goto, or the brace that closes the body. Jumps have no position in SSA form,
// so the statement after the last one with a position is looked for in the syntax.
// It is more than one where the SSA builder has left out a branch both ways of
// which only go round.
func (s *source) roundsAt(back *step, begin ssa.Instruction, known map[token.Pos]bool) []span {
	loop := s.loopAround(begin.Pos(), nil)
	w := &walker{source: s, known: known}
	if back != nil {
		w.named = s.answers(back)
		w.after(back)
	}
	switch {
	case len(w.ends) > 0:
		return w.ends
	case loop != nil:
		return []span{closing(loop)}
	}
	return []span{{begin.Pos(), begin.Pos()}}
}

func closing(loop *ast.BlockStmt) span { return span{loop.Rbrace, loop.Rbrace + 1} }

// firstRound returns the step along which the path first went round a loop that
// contains the Begin.
func firstRound(last *step, begin ssa.Instruction) (round *step) {
	for st := last; st != nil && st.kind != stepBegin; st = st.prev {
		if st.kind == stepBack && roundOf(st, begin.Block()) {
			round = st
		}
	}
	return round
}

// roundOf reports whether a step goes round a loop that contains a block.
func roundOf(back *step, b *ssa.BasicBlock) bool {
	if back.block != nil {
		return back.block.Parent() == b.Parent() && inNaturalLoop(b, back.block)
	}
	for fn := b.Parent(); isRangeBody(fn); fn = fn.Parent() {
		if fn == back.instr.Parent() {
			return true
		}
	}
	return false
}

// entryOf returns the block through which the loop is entered whose rounds end at
// head: head itself, or the block after it where head is the post statement or the
// count of turns. It is nil for a loop that can be entered in several ways.
func entryOf(head *ssa.BasicBlock) *ssa.BasicBlock {
	for _, s := range head.Succs {
		if s.Dominates(head) {
			return s
		}
	}
	if slices.ContainsFunc(head.Preds, head.Dominates) {
		return head
	}
	return nil
}

// inNaturalLoop reports whether b lies in a loop with that head: a way back to the
// head can be reached from b without passing it. Two loops may have one head, where
// nothing stands between them.
func inNaturalLoop(b, head *ssa.BasicBlock) bool {
	if b == head {
		return true
	}
	if entry := entryOf(head); entry != nil && !entry.Dominates(b) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{head: true}
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if slices.Contains(x.Succs, head) && (head.Dominates(x) || isLoopHead(head)) {
			return true
		}
		if !seen[x] {
			seen[x] = true
			work = append(work, x.Succs...)
		}
	}
	return false
}

// loopAround returns the body of the innermost loop around a position, or of the
// one that a continue statement names.
func (s *source) loopAround(pos token.Pos, label *ast.Ident) *ast.BlockStmt {
	for n := s.nodeAt(pos); n != nil; n = s.parent[n] {
		var body *ast.BlockStmt
		switch n := n.(type) {
		case *ast.ForStmt:
			body = n.Body
		case *ast.RangeStmt:
			body = n.Body
		case *ast.FuncLit:
			return nil
		}
		if body != nil && body.Pos() <= pos && pos < body.End() {
			return body
		}
	}
	return nil
}

// A spot is a place between statements: the next one is list[i] of a block.
type spot struct {
	block ast.Node // what holds the list
	list  []ast.Stmt
	i     int
}

// lastPos returns the position of the last instruction of a block that stands for
// a statement, and not for the test or the post statement of a loop, nor for the
// brace that ends the body of a range over a function.
func (s *source) lastPos(b *ssa.BasicBlock) token.Pos {
	for i := len(b.Instrs) - 1; i >= 0; i-- {
		if _, isPhi := b.Instrs[i].(*ssa.Phi); isPhi {
			continue
		}
		pos := b.Instrs[i].Pos()
		if _, brace := s.nodeAt(pos).(*ast.BlockStmt); pos.IsValid() && !brace && !s.overhead(pos) {
			return pos
		}
	}
	return token.NoPos
}

// overhead reports whether a position lies in the head of a loop.
func (s *source) overhead(pos token.Pos) bool {
	for n := s.nodeAt(pos); n != nil; n = s.parent[n] {
		switch p := s.parent[n].(type) {
		case *ast.ForStmt:
			return n != ast.Node(p.Body)
		case *ast.RangeStmt:
			return n != ast.Node(p.Body)
		case *ast.BlockStmt:
			return false
		}
	}
	return false
}

func lastBranch(from *step, instr *ssa.If) *step {
	for st := from; st != nil; st = st.prev {
		if st.kind == stepBranch && st.instr == ssa.Instruction(instr) {
			return st
		}
	}
	return nil
}

// branchTarget returns where a condition leads.
func (s *source) branchTarget(expr ast.Expr, taken bool) *spot {
	for n := ast.Node(expr); n != nil; n = s.parent[n] {
		switch p := s.parent[n].(type) {
		case *ast.UnaryExpr:
			if p.Op == token.NOT {
				taken = !taken
			}
		case *ast.IfStmt:
			if n != ast.Node(p.Cond) {
				return s.following(p)
			}
			if taken {
				return &spot{p.Body, p.Body.List, 0}
			}
			switch e := p.Else.(type) {
			case *ast.BlockStmt:
				return &spot{e, e.List, 0}
			case nil:
				return s.following(p)
			default:
				return &spot{p, []ast.Stmt{e}, 0}
			}
		case *ast.CaseClause:
			if taken {
				return &spot{p, p.Body, 0}
			}
			return s.defaultOf(s.parent[s.parent[p]])
		case ast.Stmt:
			return s.following(p)
		}
	}
	return nil
}

// following returns the place behind the statement that a node is part of.
func (s *source) following(n ast.Node) *spot {
	for ; n != nil && n != s.root; n = s.parent[n] {
		stmt, ok := n.(ast.Stmt)
		if !ok {
			continue
		}
		p := s.parent[n]
		for i, x := range stmtList(p) {
			if x == stmt {
				return &spot{p, stmtList(p), i + 1}
			}
		}
	}
	return nil
}

func stmtList(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}
