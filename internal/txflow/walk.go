package txflow

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// maxWalk bounds the statements that a walker passes.
const maxWalk = 200

// A walker follows the syntax from a place in a loop to where the round ends, on
// every way of the branches in between: what it meets does nothing, as it has no
// instructions of its own.
type walker struct {
	*source
	known  map[token.Pos]bool // what branches that SSA form left out would decide
	named  map[string]bool    // what the path has found variables to be
	ends   []span
	passed int
}

// after walks from where a path had come when it took its last step.
func (w *walker) after(back *step) {
	// A branch straight back to the head of the loop: its condition tells.
	if ifi, ok := back.instr.(*ssa.If); ok && !w.isTest(ifi) {
		if br := lastBranch(back, ifi); br != nil {
			if at := w.selected(ifi, br.taken); at != nil {
				w.walk(at)
				return
			}
			if expr := w.condition(ifi); expr != nil && w.isAsked(expr) && !w.overhead(expr.Pos()) {
				w.walk(w.branchTarget(expr, br.taken))
				return
			}
		}
	}
	b := back.instr.Block()
	loop := w.loopOf(b)
	if loop == nil {
		loop = w.loopLeft(back)
	}
	if loop != nil {
		w.walk(w.following(loop))
		return
	}
	for range len(b.Parent().Blocks) {
		if pos := w.lastPos(b); pos.IsValid() {
			n := w.nodeAt(pos)
			if w.guarded(back, n) {
				return
			}
			ifi, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if isBranch := ok && !w.isTest(ifi); isBranch && !w.isInit(n) || !w.branches(n) {
				w.walk(w.following(n))
			}
			return
		}
		if len(b.Preds) != 1 {
			return
		}
		p := b.Preds[0]
		if loop := w.loopOf(p); loop != nil && p.Succs[0] != b {
			w.walk(w.following(loop))
			return
		}
		if ifi, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If); ok {
			if at := w.selected(ifi, p.Succs[0] == b); at != nil {
				w.walk(at)
				return
			}
			if expr := w.condition(ifi); expr != nil && !w.overhead(expr.Pos()) {
				w.walk(w.branchTarget(expr, p.Succs[0] == b))
				return
			}
		}
		b = p
	}
}

// answers are what the branches of a path, from its Begin to a step, have found boolean
// variables to be, by their names.
func (s *source) answers(last *step) map[string]bool {
	found := make(map[string]bool)
	for st := last; st != nil && st.kind != stepBegin; st = st.prev {
		ifi, ok := st.instr.(*ssa.If)
		if !ok || st.kind != stepBranch {
			continue
		}
		name := s.variableOf(ifi.Cond)
		if _, later := found[name]; !later && name != "" {
			found[name] = st.taken
		}
	}
	return found
}

// variableOf names the variable that a value was read from or stored in, "" if that is not
// known.
func (s *source) variableOf(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Phi:
		return v.Comment
	case *ssa.Parameter:
		return v.Name()
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok {
			return a.Comment
		}
	case *ssa.Call:
		return named(s, s.target(s.callOf(v), 0))
	case *ssa.Extract:
		if x := s.conds[v.Tuple.Pos()]; x != nil {
			return named(s, s.targetOf(x, v.Index))
		}
	}
	return ""
}

// isInit reports whether a node is part of the statement in the head of an if.
func (s *source) isInit(n ast.Node) bool {
	for ; n != nil; n = s.parent[n] {
		if stmt, ok := n.(ast.Stmt); ok {
			ifs, ok := s.parent[n].(*ast.IfStmt)
			return ok && ifs.Init == stmt
		}
	}
	return false
}

// selected returns where a branch leads that asks which case of a select was ready, nil
// if it does not.
func (w *walker) selected(ifi *ssa.If, taken bool) *spot {
	sel, i := selectCase(ifi.Cond)
	if sel == nil {
		return nil
	}
	node := w.nodeAt(sel.States[i].Pos)
	for ; node != nil; node = w.parent[node] {
		if _, ok := node.(*ast.CommClause); ok {
			break
		}
	}
	if node == nil {
		return nil
	}
	for _, c := range w.parent[node].(*ast.BlockStmt).List {
		if c := c.(*ast.CommClause); taken && ast.Node(c) == node || !taken && c.Comm == nil {
			return &spot{c, c.Body, 0}
		}
	}
	return nil
}

// selectCase returns the select, and which case of it, that a condition asks about.
func selectCase(cond ssa.Value) (*ssa.Select, int) {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return nil, 0
	}
	x, isExtract := cmp.X.(*ssa.Extract)
	k, isConst := cmp.Y.(*ssa.Const)
	if !isExtract || !isConst {
		return nil, 0
	}
	sel, ok := x.Tuple.(*ssa.Select)
	if !ok || x.Index != 0 || k.Int64() < 0 || int(k.Int64()) >= len(sel.States) {
		return nil, 0
	}
	return sel, int(k.Int64())
}

// guarded walks on from a branch on a plain variable, which has no position: it is
// the statement behind the node.
func (w *walker) guarded(back *step, n ast.Node) bool {
	ifi, ok := back.instr.(*ssa.If)
	if !ok || w.isTest(ifi) {
		return false
	}
	br, ifs := lastBranch(back, ifi), w.ifAt(n)
	if br == nil || ifs == nil {
		return false
	}
	switch ast.Unparen(ifs.Cond).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		w.walk(w.branchTarget(ifs.Cond, br.taken))
		return true
	}
	return false
}

// ifAt returns the if statement whose condition a node is, or which is the next
// statement.
func (w *walker) ifAt(n ast.Node) *ast.IfStmt {
	if ifs, ok := w.parent[n].(*ast.IfStmt); ok && n == ast.Node(ifs.Cond) {
		return ifs
	}
	if at := w.following(n); at != nil && at.i < len(at.list) {
		ifs, _ := at.list[at.i].(*ast.IfStmt)
		return ifs
	}
	return nil
}

// branches walks on from a node in the head of a branching statement, if it is in one.
func (w *walker) branches(n ast.Node) bool {
	if c, ok := n.(*ast.CaseClause); ok && len(c.List) > 0 {
		n = c.List[0] // the test of a type switch has the place of its clause
	}
	for ; n != nil && n != w.root; n = w.parent[n] {
		switch p := w.parent[n].(type) {
		case *ast.IfStmt:
			if n == ast.Node(p.Body) || n == p.Else {
				return false
			}
			w.walk(&spot{p, []ast.Stmt{p}, 0})
			return true
		case *ast.CaseClause:
			if _, isStmt := n.(ast.Stmt); isStmt {
				return false
			}
			body := w.parent[p].(*ast.BlockStmt)
			for i, c := range body.List {
				if c == ast.Stmt(p) {
					w.clauses(w.parent[body].(ast.Stmt), body.List[i:])
				}
			}
			return true
		case *ast.SwitchStmt:
			w.walk(&spot{p, []ast.Stmt{p}, 0})
			return true
		case *ast.BlockStmt, *ast.CommClause:
			return false
		}
	}
	return false
}

// walk goes on to where the round ends.
func (w *walker) walk(at *spot) {
	for at != nil && w.passed < maxWalk {
		w.passed++
		if at.i >= len(at.list) {
			at = w.outOf(at.block)
			continue
		}
		stmt := at.list[at.i]
		for {
			l, ok := stmt.(*ast.LabeledStmt)
			if !ok {
				break
			}
			stmt = l.Stmt
		}
		switch stmt := stmt.(type) {
		case *ast.BranchStmt:
			at = w.jump(stmt)
		case *ast.BlockStmt:
			at = &spot{stmt, stmt.List, 0}
		case *ast.IfStmt:
			at = w.arms(stmt)
		case *ast.SwitchStmt:
			w.clauses(stmt, stmt.Body.List)
			return
		case *ast.TypeSwitchStmt:
			w.clauses(stmt, stmt.Body.List)
			return
		case *ast.SelectStmt:
			w.clauses(stmt, stmt.Body.List)
			return
		case *ast.ReturnStmt:
			return
		default:
			at.i++
		}
	}
}

// arms walks one arm of an if statement and returns where the other begins.
func (w *walker) arms(stmt *ast.IfStmt) *spot {
	truth, known := w.truth(stmt.Cond)
	yes, no := &spot{stmt.Body, stmt.Body.List, 0}, w.following(stmt)
	switch e := stmt.Else.(type) {
	case nil:
	case *ast.BlockStmt:
		no = &spot{e, e.List, 0}
	default:
		no = &spot{stmt, []ast.Stmt{e}, 0}
	}
	switch {
	case known && truth:
		return yes
	case !known:
		w.walk(yes)
	}
	return no
}

// clauses walks the clauses of a switch or select statement, and past it where it
// may do nothing.
func (w *walker) clauses(stmt ast.Stmt, list []ast.Stmt) {
	_, all := stmt.(*ast.SelectStmt)
	for _, c := range list {
		switch c := c.(type) {
		case *ast.CommClause:
			w.walk(&spot{c, c.Body, 0})
		case *ast.CaseClause:
			truth, known := false, false
			if len(c.List) == 1 {
				truth, known = w.truth(c.List[0])
			}
			if t, ok := w.known[c.Case]; ok && len(c.List) == 1 { // of a type switch
				truth, known = t, true
			}
			all = all || c.List == nil
			if !known || truth {
				w.walk(&spot{c, c.Body, 0})
			}
			if known && truth {
				return
			}
		}
	}
	if !all {
		w.walk(w.following(stmt))
	}
}

// truth tells what is known of a condition.
func (w *walker) truth(e ast.Expr) (truth, known bool) {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.BinaryExpr:
		truth, known = w.known[x.OpPos]
	case *ast.CallExpr:
		truth, known = w.known[x.Lparen]
	case *ast.Ident:
		truth, known = w.named[x.Name]
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			truth, known = w.truth(x.X)
			return !truth, known
		}
	}
	if !known {
		truth, known = w.known[e.Pos()]
	}
	return truth, known
}

// jump returns where a jump inside the round leads, nil where it ends the round.
func (w *walker) jump(stmt *ast.BranchStmt) *spot {
	switch stmt.Tok {
	case token.CONTINUE:
	case token.GOTO:
		if to := w.labelled(stmt.Label); to != nil && to.Pos() > stmt.Pos() {
			at := w.following(to)
			at.i--
			return at
		}
	case token.FALLTHROUGH:
		return w.following(w.parent[stmt])
	default:
		if from := w.breakable(stmt); from != nil {
			return w.following(from)
		}
		return nil
	}
	w.ends = append(w.ends, span{stmt.Pos(), stmt.End()})
	return nil
}

// labelled returns the statement that a goto leads to.
func (s *source) labelled(label *ast.Ident) (found ast.Stmt) {
	ast.Inspect(s.root, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok && l.Label.Name == label.Name {
			found = l
		}
		return found == nil
	})
	return found
}

// outOf returns the place behind a list of statements, nil where a round or a
// function ends with it.
func (w *walker) outOf(block ast.Node) *spot {
	switch block.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return w.following(w.parent[w.parent[block]])
	}
	switch w.parent[block].(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		w.ends = append(w.ends, closing(block.(*ast.BlockStmt)))
		return nil
	case *ast.FuncLit, *ast.FuncDecl:
		return nil
	}
	return w.following(block)
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

// breakable returns the statement that a break leaves.
func (s *source) breakable(stmt *ast.BranchStmt) ast.Node {
	for n := s.parent[stmt]; n != nil; n = s.parent[n] {
		label, _ := s.parent[n].(*ast.LabeledStmt)
		if stmt.Label != nil && (label == nil || label.Label.Name != stmt.Label.Name) {
			continue
		}
		switch n.(type) {
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return n
		case *ast.ForStmt, *ast.RangeStmt:
			return n
		}
	}
	return nil
}
