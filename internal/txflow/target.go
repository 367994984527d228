package txflow

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// What a transaction is called in the source: what the result of its Begin is assigned to.

// handle returns the expression that holds the transaction after its Begin, nil if
// there is none.
func (f *flow) handle(m *machine, src *source, call *ast.CallExpr) ast.Expr {
	if o := m.ob.open; o != nil && m.ob.wrapped == nil && m.ob.origin == ssa.CallInstruction(m.ob.call) {
		if o.Handle.Kind == protocol.Recv {
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
				return sel.X
			}
		}
		return f.targetOf(src, call, o.Handle.Index)
	}
	return m.ob.held.heldBy(src, call)
}

// targetOf returns what result i of a call is assigned to, by itself or under
// another name: tx := db.Begin().WithContext(ctx); tx := Must(db.Begin()).
func (f *flow) targetOf(src *source, call *ast.CallExpr, i int) ast.Expr {
	for call != nil {
		if expr := src.target(call, i); expr != nil {
			return expr
		}
		if expr := src.fieldOf(call); expr != nil {
			return expr
		}
		if outer, ok := src.parent[call].(*ast.CallExpr); ok && len(outer.Args) == 1 && outer.Args[0] == ast.Expr(call) {
			if i = sameResult(src.info.TypeOf(outer), resultOf(src.info.TypeOf(call), i)); i < 0 {
				return nil
			}
			call = outer
			continue
		}
		sel, ok := src.parent[call].(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		next, ok := src.parent[sel].(*ast.CallExpr)
		method, isFunc := src.info.Uses[sel.Sel].(*types.Func)
		if !ok || !isFunc || next.Fun != ast.Expr(sel) {
			return nil
		}
		role := f.protocols.Role(method)
		if role == nil || role.Alias == nil || role.Alias.View || role.Alias.From.Kind != protocol.Recv {
			return nil
		}
		call, i = next, role.Alias.To.Index
	}
	return nil
}

// fieldOf returns what names the value of a call that stands in a literal of a struct: the field
// of the variable that the struct is assigned to, or where that is embedded the variable, nil
// if nothing does.
// Have: s := &saver{tx: db.Begin()}; s.tx.Create(&order)
func (s *source) fieldOf(call *ast.CallExpr) ast.Expr {
	lit, field := s.literalWith(call)
	if field == nil {
		return nil
	}
	whole := ast.Expr(lit)
	if u, ok := s.parent[lit].(*ast.UnaryExpr); ok {
		whole = u
	}
	id, ok := s.targetOf(whole, 0).(*ast.Ident)
	switch {
	case !ok || id.Name == "_":
		return nil
	case field.Embedded():
		return id
	}
	return s.selector(s.info.ObjectOf(id), field)
}

// literalWith returns the literal of a struct in which the value of a call stands, and the field
// that is set to it; nil if it stands in none.
func (s *source) literalWith(call *ast.CallExpr) (*ast.CompositeLit, *types.Var) {
	elem, name := ast.Expr(call), ""
	if pair, ok := s.parent[call].(*ast.KeyValueExpr); ok {
		key, ok := pair.Key.(*ast.Ident)
		if !ok {
			return nil, nil
		}
		elem, name = pair, key.Name
	}
	lit, ok := s.parent[elem].(*ast.CompositeLit)
	if !ok {
		return nil, nil
	}
	t, ok := s.info.TypeOf(lit).Underlying().(*types.Struct)
	if !ok {
		return nil, nil
	}
	for i := range t.NumFields() {
		f := t.Field(i)
		if name != "" && f.Name() == name || name == "" && i < len(lit.Elts) && lit.Elts[i] == elem {
			return lit, f
		}
	}
	return nil, nil
}

// selector returns an expression of the function that reads a field of a variable, nil if it
// has none.
func (s *source) selector(v types.Object, field *types.Var) (found ast.Expr) {
	ast.Inspect(s.root, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && found == nil && s.info.Uses[sel.Sel] == types.Object(field) {
			if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok && s.info.ObjectOf(id) == v {
				found = sel
			}
		}
		return found == nil
	})
	return found
}

// resultOf is the type of result i of a call of type t.
func resultOf(t types.Type, i int) types.Type {
	if tuple, ok := t.(*types.Tuple); ok {
		return tuple.At(i).Type()
	}
	return t
}

// sameResult returns which result of a call of type t is of a certain type, -1 if none is.
func sameResult(t, typ types.Type) int {
	tuple, ok := t.(*types.Tuple)
	if !ok {
		tuple = types.NewTuple(types.NewVar(token.NoPos, nil, "", t))
	}
	for i := range tuple.Len() {
		if types.Identical(tuple.At(i).Type(), typ) {
			return i
		}
	}
	return -1
}

func named(src *source, e ast.Expr) string {
	if id, ok := e.(*ast.Ident); e == nil || ok && id.Name == "_" {
		return ""
	}
	return src.text(e)
}

// target returns the expression that result i of a call is assigned to, nil if it
// is assigned to none.
func (s *source) target(call *ast.CallExpr, i int) ast.Expr {
	if call == nil {
		return nil
	}
	return s.targetOf(call, i)
}

// targetOf is target for any expression.
func (s *source) targetOf(x ast.Expr, i int) ast.Expr {
	n := ast.Node(x)
	for {
		if _, ok := s.parent[n].(*ast.ParenExpr); !ok {
			break
		}
		n = s.parent[n]
	}
	switch p := s.parent[n].(type) {
	case *ast.AssignStmt:
		if len(p.Rhs) == 1 && i < len(p.Lhs) {
			return p.Lhs[i]
		}
		for j, r := range p.Rhs {
			if r == n && i == 0 && j < len(p.Lhs) {
				return p.Lhs[j]
			}
		}
	case *ast.ValueSpec:
		if len(p.Values) == 1 && i < len(p.Names) {
			return p.Names[i]
		}
		for j, r := range p.Values {
			if r == n && i == 0 && j < len(p.Names) {
				return p.Names[j]
			}
		}
	}
	return nil
}

// object returns the variable or field that an expression names.
func (s *source) object(e ast.Expr) types.Object {
	if e == nil {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return s.info.ObjectOf(e)
	case *ast.SelectorExpr:
		return s.info.ObjectOf(e.Sel)
	}
	return nil
}
