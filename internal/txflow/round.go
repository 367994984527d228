package txflow

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// roundAt finds where a path goes round the loop that Begins again: the continue
// or goto, or the brace that closes the body. Jumps have no position in SSA form,
// so the statement after the last one with a position is looked for in the syntax.
func (s *source) roundAt(last *step, begin ssa.Instruction) (pos, end token.Pos) {
	back := lastRound(last, begin)
	loop := s.loopAround(begin.Pos(), nil)
	if back == nil {
		if loop == nil {
			return begin.Pos(), begin.Pos()
		}
		return closing(loop)
	}
	from := s.after(back)
	if n := s.jumpFrom(from); n != nil {
		return n.Pos(), n.End()
	}
	if loop != nil {
		return closing(loop)
	}
	return begin.Pos(), begin.Pos()
}

func closing(loop *ast.BlockStmt) (pos, end token.Pos) { return loop.Rbrace, loop.Rbrace + 1 }

// lastRound returns the step along which the path went round a loop that contains
// the Begin: the first of those that only lead through the loop's own test.
func lastRound(last *step, begin ssa.Instruction) (round *step) {
	for st := last; st != nil && st.kind != stepBegin; st = st.prev {
		switch {
		case st.kind != stepBack:
		case round == nil:
			if st.block.Parent() == begin.Parent() && inNaturalLoop(begin.Block(), st.instr.Block(), st.block) {
				round = st
			}
		case st.block == round.instr.Block() && st.block != begin.Block():
			round = st
		default:
			return round
		}
	}
	return round
}

// inNaturalLoop reports whether b lies in the loop of the edge from tail to head:
// tail can be reached from b without passing head.
func inNaturalLoop(b, tail, head *ssa.BasicBlock) bool {
	if b == head {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{head: true}
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == tail {
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

// after finds the place in the syntax to which a path had come when it took its
// last step.
func (s *source) after(back *step) *spot {
	// A branch straight back to the head of the loop: its condition tells.
	if ifi, ok := back.instr.(*ssa.If); ok {
		if br := lastBranch(back, ifi); br != nil {
			if expr := s.condition(ifi); expr != nil && !s.overhead(expr.Pos()) {
				return s.branchTarget(expr, br.taken)
			}
		}
	}
	b := back.instr.Block()
	for range len(b.Parent().Blocks) {
		if pos := s.lastPos(b); pos.IsValid() {
			return s.following(s.nodeAt(pos))
		}
		if len(b.Preds) != 1 {
			break
		}
		p := b.Preds[0]
		if ifi, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If); ok {
			if expr := s.condition(ifi); expr != nil && !s.overhead(expr.Pos()) {
				return s.branchTarget(expr, p.Succs[0] == b)
			}
		}
		b = p
	}
	return nil
}

// lastPos returns the position of the last instruction of a block that stands for
// a statement, and not for the test or the post statement of a loop.
func (s *source) lastPos(b *ssa.BasicBlock) token.Pos {
	for i := len(b.Instrs) - 1; i >= 0; i-- {
		if _, isPhi := b.Instrs[i].(*ssa.Phi); isPhi {
			continue
		}
		if pos := b.Instrs[i].Pos(); pos.IsValid() && !s.overhead(pos) {
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

// jumpFrom follows the syntax from a place to the continue or goto that comes
// next, nil where a loop's body ends first.
func (s *source) jumpFrom(at *spot) ast.Node {
	for at != nil {
		if at.i >= len(at.list) {
			switch p := s.parent[at.block].(type) {
			case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit, *ast.FuncDecl:
				return nil
			default:
				at = s.following(p)
			}
			continue
		}
		switch stmt := at.list[at.i].(type) {
		case *ast.BranchStmt:
			if stmt.Tok == token.CONTINUE || stmt.Tok == token.GOTO {
				return stmt
			}
			at = s.following(s.breakable(stmt))
		case *ast.BlockStmt:
			at = &spot{stmt, stmt.List, 0}
		case *ast.SwitchStmt, *ast.TypeSwitchStmt:
			at = s.defaultOf(stmt)
		default:
			at.i++
		}
	}
	return nil
}

// defaultOf returns where a switch leads when no case matches.
func (s *source) defaultOf(n ast.Node) *spot {
	var body *ast.BlockStmt
	switch n := n.(type) {
	case *ast.SwitchStmt:
		body = n.Body
	case *ast.TypeSwitchStmt:
		body = n.Body
	default:
		return s.following(n)
	}
	for _, c := range body.List {
		if clause := c.(*ast.CaseClause); clause.List == nil {
			return &spot{clause, clause.Body, 0}
		}
	}
	return s.following(n)
}

// breakable returns the switch or select that an unlabelled break leaves.
func (s *source) breakable(n ast.Node) ast.Node {
	for n = s.parent[n]; n != nil; n = s.parent[n] {
		switch n.(type) {
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return n
		case *ast.ForStmt, *ast.RangeStmt:
			return nil
		}
	}
	return nil
}
