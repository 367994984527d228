package txflow

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// plainCondition returns the variable that an if decides on where that is all of the
// condition, or of a part of it: it has no position in SSA form, and neither has the
// body if all it does is jump. It is what comes next in the source after what the path
// has passed before.
// Have: for … { …; if quiet { continue }; … }
func (s *source) plainCondition(instr *ssa.If) ast.Expr {
	b := instr.Block()
	if pos := s.lastPos(b); pos.IsValid() {
		return s.variable(s.nextTest(s.nodeAt(pos)), instr.Cond)
	}
	for _, p := range b.Preds {
		before, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
		if !ok || b.Dominates(p) {
			continue
		}
		if loop := s.loopOf(p); loop != nil && p.Succs[1] == b {
			if v := s.variable(s.testAt(s.following(loop)), instr.Cond); v != nil {
				return v
			}
		}
		if expr := s.condition(before); expr != nil {
			if v := s.variable(s.testAfter(expr, p.Succs[0] == b), instr.Cond); v != nil {
				return v
			}
		}
	}
	return nil
}

// variable returns a test if it is a variable or a field, and by its name may be what
// a value stands for; else nil.
func (s *source) variable(test ast.Expr, v ssa.Value) ast.Expr {
	var id *ast.Ident
	switch x := test.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	same := true
	switch v := v.(type) {
	case *ssa.Parameter:
		same = v.Object() == s.info.ObjectOf(id)
	case *ssa.FreeVar:
		same = v.Name() == id.Name
	case *ssa.Phi:
		same = v.Comment == id.Name
	}
	if !same {
		return nil
	}
	return test
}

// nextTest returns the test that a node is part of, or the first one after it, nil if
// something else comes first.
func (s *source) nextTest(n ast.Node) ast.Expr {
	for ; n != nil && n != s.root; n = s.parent[n] {
		if stmt, ok := n.(ast.Stmt); ok {
			if p, ok := s.parent[n].(*ast.IfStmt); ok {
				if p.Init == stmt {
					return firstTest(p.Cond)
				}
				return nil
			}
			return s.testAt(s.following(n))
		}
		switch p := s.parent[n].(type) {
		case *ast.BinaryExpr:
			if p.Op == token.LAND || p.Op == token.LOR {
				return firstTest(n.(ast.Expr))
			}
		case *ast.IfStmt, *ast.CaseClause:
			return firstTest(n.(ast.Expr))
		}
	}
	return nil
}

// testAt returns the first test of the statement at a place, if it is a branch.
func (s *source) testAt(at *spot) ast.Expr {
	if at == nil || at.i >= len(at.list) {
		return nil
	}
	switch stmt := at.list[at.i].(type) {
	case *ast.IfStmt:
		if stmt.Init == nil {
			return firstTest(stmt.Cond)
		}
	case *ast.SwitchStmt:
		if stmt.Init == nil && stmt.Tag == nil {
			return nextCase(stmt.Body.List)
		}
	}
	return nil
}

// testAfter returns the test that follows on one that went one way.
func (s *source) testAfter(expr ast.Expr, taken bool) ast.Expr {
	for n := ast.Node(expr); n != nil; n = s.parent[n] {
		switch p := s.parent[n].(type) {
		case *ast.ParenExpr:
		case *ast.UnaryExpr:
			taken = taken != (p.Op == token.NOT)
		case *ast.BinaryExpr:
			if n == ast.Node(p.X) && (p.Op == token.LAND && taken || p.Op == token.LOR && !taken) {
				return firstTest(p.Y)
			}
		case *ast.CaseClause:
			if taken {
				return s.testAt(&spot{p, p.Body, 0})
			}
			if i := slices.Index(p.List, n.(ast.Expr)); i+1 < len(p.List) {
				return firstTest(p.List[i+1])
			}
			list := s.parent[p].(*ast.BlockStmt).List
			return nextCase(list[slices.Index(list, ast.Stmt(p))+1:])
		default:
			return s.testAt(s.branchTarget(n.(ast.Expr), taken))
		}
	}
	return nil
}

// nextCase returns the first test of some clauses.
func nextCase(clauses []ast.Stmt) ast.Expr {
	for _, c := range clauses {
		if c, ok := c.(*ast.CaseClause); ok && c.List != nil {
			return firstTest(c.List[0])
		}
	}
	return nil
}

// firstTest returns the part of a condition that is tested first.
func firstTest(expr ast.Expr) ast.Expr {
	switch x := ast.Unparen(expr).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return firstTest(x.X)
		}
	case *ast.BinaryExpr:
		if x.Op == token.LAND || x.Op == token.LOR {
			return firstTest(x.X)
		}
	}
	return ast.Unparen(expr)
}
