package txflow

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A source relates the SSA form of one declared function or literal to its syntax.
type source struct {
	fset   *token.FileSet
	info   *types.Info
	root   ast.Node // FuncDecl or FuncLit
	body   *ast.BlockStmt
	parent map[ast.Node]ast.Node
	calls  map[token.Pos]*ast.CallExpr // by opening parenthesis
	conds  map[token.Pos]ast.Expr      // conditions, by the position SSA gives them
	ifs    map[*ssa.If]ast.Expr        // what condition has answered
}

func newSource(fset *token.FileSet, info *types.Info, root ast.Node) *source {
	s := &source{
		fset: fset, info: info, root: root,
		parent: make(map[ast.Node]ast.Node),
		calls:  make(map[token.Pos]*ast.CallExpr),
		conds:  make(map[token.Pos]ast.Expr),
		ifs:    make(map[*ssa.If]ast.Expr),
	}
	switch root := root.(type) {
	case *ast.FuncDecl:
		s.body = root.Body
	case *ast.FuncLit:
		s.body = root.Body
	}
	if root == nil {
		return s
	}
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if len(stack) > 0 {
			s.parent[n] = stack[len(stack)-1]
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.CallExpr:
			s.calls[n.Lparen] = n
			s.conds[n.Lparen] = n
		case *ast.BinaryExpr:
			s.conds[n.OpPos] = n
		case *ast.UnaryExpr:
			s.conds[n.OpPos] = n
		case *ast.TypeAssertExpr:
			s.conds[n.Lparen] = n
		case *ast.IndexExpr:
			s.conds[n.Lbrack] = n
		}
		return true
	})
	return s
}

// callOf returns the syntax of a call.
func (s *source) callOf(instr ssa.CallInstruction) *ast.CallExpr {
	return s.calls[instr.Common().Pos()]
}

// condition returns the expression that an if decides on, nil if it has no place
// of its own in the source.
func (s *source) condition(instr *ssa.If) ast.Expr {
	expr, ok := s.ifs[instr]
	if !ok {
		s.ifs[instr] = nil // where it is asked for once more on the way
		expr = s.findCondition(instr)
		s.ifs[instr] = expr
	}
	return expr
}

func (s *source) findCondition(instr *ssa.If) ast.Expr {
	v := instr.Cond
	switch x := v.(type) {
	case *ssa.Extract:
		v = x.Tuple
	case *ssa.UnOp:
		if element, ok := x.X.(*ssa.IndexAddr); ok {
			v = element
		}
	}
	switch v.(type) {
	case *ssa.BinOp, *ssa.Call, *ssa.TypeAssert, *ssa.Lookup, *ssa.IndexAddr:
		if expr := s.conds[v.Pos()]; expr != nil {
			// A test that comes next is in the same block, and not asked again elsewhere.
			if v.(ssa.Instruction).Block() == instr.Block() {
				if test := s.testOf(instr, expr); test != nil {
					return test
				}
			}
			if !s.isAsked(expr) {
				if test := s.plainCondition(instr); test != nil {
					return test
				}
			}
			return expr
		}
		if v.Pos().IsValid() {
			return s.caseAt(v.Pos())
		}
		return nil
	}
	if guard := s.guardOf(instr.Block().Succs[0]); guard != nil {
		return guard
	}
	return s.plainCondition(instr)
}

// testOf returns the variable that an if decides on, where that was given the value of
// an expression by a statement of its own; nil if it is no such test.
// Have: late := isLate(day); if late { ... }
func (s *source) testOf(instr *ssa.If, expr ast.Expr) ast.Expr {
	a, ok := s.parent[expr].(*ast.AssignStmt)
	if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
		return nil
	}
	if _, inList := s.parent[a].(*ast.BlockStmt); !inList {
		return nil // of a branch, whose own test comes next
	}
	test := s.testAt(s.following(a))
	id, ok := test.(*ast.Ident)
	if x, isVar := a.Lhs[0].(*ast.Ident); !ok || !isVar || s.info.ObjectOf(id) != s.info.ObjectOf(x) {
		return nil
	}
	return test
}

// isAsked reports whether an expression is the condition of a statement, or a part of it,
// rather than one whose value a variable has got before.
func (s *source) isAsked(expr ast.Expr) bool {
	for n := ast.Node(expr); n != nil; n = s.parent[n] {
		switch p := s.parent[n].(type) {
		case *ast.IfStmt:
			return n == ast.Node(p.Cond)
		case *ast.CaseClause, *ast.SwitchStmt:
			return true
		case ast.Stmt:
			return false
		}
	}
	return false
}

// caseAt returns the expression of a case clause that begins at pos.
func (s *source) caseAt(pos token.Pos) (found ast.Expr) {
	ast.Inspect(s.root, func(n ast.Node) bool {
		if clause, ok := n.(*ast.CaseClause); ok {
			for _, e := range clause.List {
				if e.Pos() == pos || clause.Case == pos {
					found = e
				}
			}
		}
		return found == nil
	})
	return found
}

// guardOf returns the condition of the innermost if whose body begins in a block:
// a plain variable as a condition has no position in SSA form.
func (s *source) guardOf(then *ssa.BasicBlock) ast.Expr {
	for _, instr := range then.Instrs {
		pos := instr.Pos()
		if !pos.IsValid() {
			continue
		}
		for n := s.nodeAt(pos); n != nil && !s.isLoopBody(n); n = s.parent[n] {
			if ifs, ok := s.parent[n].(*ast.IfStmt); ok && n == ast.Node(ifs.Body) {
				switch ast.Unparen(ifs.Cond).(type) {
				case *ast.Ident, *ast.SelectorExpr:
					return ifs.Cond
				}
				return nil
			}
		}
		return nil
	}
	return nil
}

// isLoopBody reports whether a node is the body of a loop.
func (s *source) isLoopBody(n ast.Node) bool {
	switch p := s.parent[n].(type) {
	case *ast.ForStmt:
		return n == ast.Node(p.Body)
	case *ast.RangeStmt:
		return n == ast.Node(p.Body)
	}
	return false
}

// nodeAt returns the innermost node around a position.
func (s *source) nodeAt(pos token.Pos) (found ast.Node) {
	if s.root == nil {
		return nil
	}
	ast.Inspect(s.root, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		found = n
		return true
	})
	return found
}

// text prints an expression on one line, shortened.
func (s *source) text(e ast.Expr) string {
	var b bytes.Buffer
	if err := format.Node(&b, s.fset, e); err != nil {
		return "…"
	}
	text := bytes.Join(bytes.Fields(b.Bytes()), []byte(" "))
	const most = 60
	if r := []rune(string(text)); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return string(text)
}

// condText puts a condition, or its negation, in words.
func (s *source) condText(e ast.Expr, holds bool) string {
	e = ast.Unparen(e)
	if clause, ok := s.parent[e].(*ast.CaseClause); ok {
		if sw, ok := s.parent[s.parent[clause]].(*ast.SwitchStmt); ok && sw.Tag != nil {
			op := " == "
			if !holds {
				op = " != "
			}
			return s.text(sw.Tag) + op + s.text(e)
		}
	}
	if holds {
		return s.text(e)
	}
	switch x := e.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return s.text(ast.Unparen(x.X))
		}
	case *ast.BinaryExpr:
		if op, ok := opposite[x.Op]; ok {
			return s.text(x.X) + " " + op.String() + " " + s.text(x.Y)
		}
		return "!(" + s.text(e) + ")"
	}
	return "!" + s.text(e)
}

var opposite = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.GEQ, token.GEQ: token.LSS,
	token.GTR: token.LEQ, token.LEQ: token.GTR,
}

// guards returns in words the conditions of the branches between two positions,
// innermost first: those under which the code at pos is reached from begin on.
func (s *source) guards(pos, begin token.Pos) (texts []string) {
	for n := s.nodeAt(pos); n != nil && n != s.root; n = s.parent[n] {
		p := s.parent[n]
		if p == nil || n.Pos() <= begin && begin < n.End() {
			break
		}
		switch p := p.(type) {
		case *ast.IfStmt:
			if begin >= p.Cond.Pos() {
				return texts
			}
			switch n {
			case p.Body:
				texts = append(texts, s.condText(p.Cond, true))
			case p.Else:
				texts = append(texts, s.condText(p.Cond, false))
			}
		case *ast.CaseClause:
			texts = append(texts, s.caseText(p))
		case *ast.CommClause:
			texts = append(texts, s.commText(p))
		}
		if _, isLit := p.(*ast.FuncLit); isLit {
			break
		}
	}
	return texts
}

// caseText puts in words when a case of a switch is taken.
func (s *source) caseText(c *ast.CaseClause) string {
	switch sw := s.parent[s.parent[c]].(type) {
	case *ast.SwitchStmt:
		switch {
		case len(c.List) == 0 && sw.Tag != nil:
			return s.text(sw.Tag) + " matches no case"
		case len(c.List) == 0:
			return "no case matches"
		case sw.Tag != nil:
			return s.text(sw.Tag) + " == " + s.anyOf(c.List)
		}
		return s.anyOf(c.List)
	case *ast.TypeSwitchStmt:
		v := s.text(switched(sw))
		if len(c.List) == 0 {
			return v + " has none of the types"
		}
		return v + " is " + s.anyOf(c.List)
	}
	return ""
}

// switched returns the expression whose type a type switch looks at.
func switched(sw *ast.TypeSwitchStmt) (x ast.Expr) {
	ast.Inspect(sw.Assign, func(n ast.Node) bool {
		if a, ok := n.(*ast.TypeAssertExpr); ok && x == nil {
			x = a.X
		}
		return x == nil
	})
	return x
}

// commText puts in words when a case of a select is taken.
func (s *source) commText(c *ast.CommClause) string {
	switch comm := c.Comm.(type) {
	case *ast.ExprStmt:
		return s.text(comm.X) + " is ready"
	case *ast.AssignStmt:
		return s.text(comm.Rhs[0]) + " is ready"
	case *ast.SendStmt:
		return s.text(comm.Chan) + " takes a value"
	}
	return "no case is ready"
}

// anyOf lists alternatives.
func (s *source) anyOf(list []ast.Expr) string {
	var texts []string
	for _, e := range list {
		texts = append(texts, s.text(e))
	}
	return strings.Join(texts, " or ")
}
