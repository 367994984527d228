package txflow

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// loopLeft returns the loop that a step leaves by a test which the SSA builder has put
// behind the last statement of the body, nil if it is no such step.
func (w *walker) loopLeft(back *step) ast.Stmt {
	ifi, ok := back.instr.(*ssa.If)
	if !ok || !w.isTest(ifi) || back.block == nil || ifi.Block().Succs[0] == back.block {
		return nil
	}
	for b := ifi.Block(); b != nil; b = b.Idom() {
		pos := w.lastPos(b)
		if !pos.IsValid() {
			continue
		}
		for n := w.nodeAt(pos); n != nil; n = w.parent[n] {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				return n.(ast.Stmt)
			}
		}
		return nil
	}
	return nil
}

// isTest reports whether an if is the test of a loop, which the SSA builder may have
// put behind the last statement of the body.
func (s *source) isTest(ifi *ssa.If) bool {
	switch v := ifi.Cond.(type) {
	case *ssa.BinOp:
		if sel, _ := selectCase(v); sel != nil {
			return false
		}
		return !v.Pos().IsValid() || s.overhead(v.Pos())
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Next:
			return true
		case *ssa.UnOp:
			return s.overhead(t.Pos())
		}
	}
	return ifi.Cond.Pos().IsValid() && s.overhead(ifi.Cond.Pos())
}

// loopOf returns the loop whose test is in a block, nil if it has none.
func (s *source) loopOf(b *ssa.BasicBlock) ast.Stmt {
	if !isLoopHead(b) {
		return nil
	}
	if ifi, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
		if expr := s.condition(ifi); expr != nil {
			for n := ast.Node(expr); n != nil; n = s.parent[n] {
				if loop, ok := s.parent[n].(*ast.ForStmt); ok && n == ast.Node(loop.Cond) {
					return loop
				}
			}
		}
	}
	if loop := s.rangeOver(b); loop != nil {
		return loop
	}
	return s.loopWith(b.Succs[0])
}

// rangeOver returns the range statement whose test is in a block: that has no position,
// but what it ranges over may have.
func (s *source) rangeOver(b *ssa.BasicBlock) ast.Stmt {
	for d := b.Idom(); d != nil; d = d.Idom() {
		for _, instr := range slices.Backward(d.Instrs) {
			for n := s.nodeAt(instr.Pos()); n != nil; n = s.parent[n] {
				if loop, ok := s.parent[n].(*ast.RangeStmt); ok && n != ast.Node(loop.Body) {
					return loop
				}
			}
			if instr.Pos().IsValid() {
				return nil
			}
		}
	}
	return nil
}

// loopWith returns the loop whose body begins in a block.
func (s *source) loopWith(body *ssa.BasicBlock) ast.Stmt {
	for _, instr := range body.Instrs {
		if s.overhead(instr.Pos()) {
			continue
		}
		for n := s.nodeAt(instr.Pos()); n != nil; n = s.parent[n] {
			if s.isLoopBody(n) {
				return s.parent[n].(ast.Stmt)
			}
		}
	}
	return nil
}
