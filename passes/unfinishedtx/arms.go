package unfinishedtx

import (
	"go/ast"
	"go/token"
	"slices"
)

// The arms of a branch may begin the transaction in different ways. What comes behind the
// branch then is said once, for all of them.
// Have: if readOnly { tx, err = db.BeginTx(ctx, snapshot) } else { tx, err = db.Begin() }

// findArms notes of each Begin which others stand for it in the other arms of a branch.
func (m *mender) findArms() {
	for _, b := range m.begins {
		if b.plan == naming {
			continue
		}
		if branch := b.branchAround(); branch != nil {
			if beside, ok := m.begunInArms(b, branch); ok && len(beside) > 0 {
				b.branch, b.beside = branch, beside
			}
		}
	}
}

// branchAround returns the branch of which the statement of the Begin ends an arm, nil if it
// does not.
func (b *begin) branchAround() ast.Stmt {
	arm := b.file.parent[b.file.stmtAround(b.duty.Call)]
	list := stmtList(arm)
	if len(list) == 0 || list[len(list)-1] != b.file.stmtAround(b.duty.Call) {
		return nil
	}
	switch n := b.file.parent[arm].(type) {
	case *ast.IfStmt:
		for {
			outer, ok := b.file.parent[n].(*ast.IfStmt)
			if !ok || outer.Else != ast.Stmt(n) {
				return n
			}
			n = outer
		}
	case *ast.BlockStmt:
		if s, ok := b.file.parent[n].(*ast.SwitchStmt); ok {
			return s
		}
	}
	return nil
}

// armsOf returns the arms of a branch, nil if it may be passed by.
func armsOf(branch ast.Stmt) (arms [][]ast.Stmt) {
	switch n := branch.(type) {
	case *ast.IfStmt:
		for {
			arms = append(arms, n.Body.List)
			switch els := n.Else.(type) {
			case *ast.IfStmt:
				n = els
				continue
			case *ast.BlockStmt:
				return append(arms, els.List)
			}
			return nil
		}
	case *ast.SwitchStmt:
		hasDefault := false
		for _, s := range n.Body.List {
			c := s.(*ast.CaseClause)
			hasDefault = hasDefault || c.List == nil
			arms = append(arms, c.Body)
		}
		if !hasDefault {
			return nil
		}
	}
	return arms
}

// begunInArms returns the Begins in the other arms of a branch, and whether each of these
// leads elsewhere or ends in one for the same variables.
func (m *mender) begunInArms(b *begin, branch ast.Stmt) (beside []*begin, all bool) {
	arms := armsOf(branch)
	if b.file.isLeftByBreak(branch) {
		return nil, false
	}
	for _, list := range arms {
		if leaves(list) {
			continue
		}
		i := slices.IndexFunc(m.begins, func(other *begin) bool { return len(list) > 0 && other.assignsAsWell(b, list[len(list)-1]) })
		if i < 0 {
			return nil, false
		}
		if m.begins[i] != b {
			beside = append(beside, m.begins[i])
		}
	}
	return beside, len(arms) > 0
}

// isLeftByBreak reports whether a jump leads right behind a statement.
func (f *file) isLeftByBreak(stmt ast.Stmt) (found bool) {
	ast.Inspect(stmt, func(n ast.Node) bool {
		jump, ok := n.(*ast.BranchStmt)
		found = found || ok && jump.Tok == token.BREAK && f.target(jump) == stmt
		return !found
	})
	return found
}

// assignsAsWell reports whether a statement assigns the transaction of b, and its error, to
// the variables of another Begin.
func (b *begin) assignsAsWell(other *begin, stmt ast.Stmt) bool {
	a, ok := stmt.(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || b.file != other.file || b.plan == naming || !b.contains(a) || !b.same(b.duty.Handle, other.duty.Handle) {
		return false
	}
	return b.duty.Err == nil && other.duty.Err == nil || b.same(b.duty.Err, other.duty.Err)
}

// behindBranch finds the place below the error check that follows the branch.
func (b *begin) behindBranch() []anchor {
	block := b.file.parent[b.branch]
	next := following(block, b.branch)
	if checked := b.checkedAnchors(block, next); checked != nil {
		return checked
	}
	return []anchor{{after: b.branch, block: block, checked: b.usedAtOnce(next)}}
}

// isBeside reports whether a node has a Begin of another arm in it.
func (b *begin) isBeside(n ast.Node) bool {
	return slices.ContainsFunc(b.beside, func(other *begin) bool { return other.contains(n) })
}
