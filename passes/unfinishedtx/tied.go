package unfinishedtx

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// What hangs on the transaction decides where a rollback may stand, and whether any may:
// what is returned of it must not need it any more, what must be closed first must be
// closed, and tests that use it must be over.

// cursorMethods are methods of what can be used only as long as its transaction lasts:
// rows, statements, buckets, items, iterators.
var cursorMethods = []string{"Next", "Scan", "Close", "Cursor", "Exec", "ExecContext", "ValueCopy"}

// returnsDependent reports whether a return hands out something that lives only as long
// as the transaction: rows, a statement, or memory of an embedded engine.
// Have: rows, err := tx.Query(query); return rows, err
func (b *begin) returnsDependent(s *ast.ReturnStmt) bool {
	if len(s.Results) == 0 {
		return slices.ContainsFunc(b.namedResults(), b.isDependent)
	}
	return slices.ContainsFunc(s.Results, func(x ast.Expr) bool { return b.isTied(x) || b.givesDependent(x) })
}

// keepsDependent reports whether a statement between the Begin and a place puts something
// that lives only as long as the transaction where it may be used later.
func (b *begin) keepsDependent(above token.Pos) (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		if n == nil || n.Pos() >= above || n.End() <= b.duty.Call.Pos() {
			return false
		}
		switch n := n.(type) {
		case *ast.ReturnStmt:
			return false
		case *ast.AssignStmt:
			found = found || b.storesDependent(n) && !b.hasFailed(n, above)
		case *ast.SendStmt:
			found = found || b.isTied(n.Value) || b.givesDependent(n.Value)
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "append" && b.info.Types[n.Fun].IsBuiltin() && !n.Ellipsis.IsValid() {
				found = found || slices.ContainsFunc(n.Args[1:], b.isTied)
			}
		}
		return !found
	})
	return found
}

// hasFailed reports whether a place is in the body of an if statement that has found out that
// what is assigned is an error, and nothing beside it. In a loop that does not begin, an
// earlier round may have kept something.
// Have: if cur.rows, err = tx.Query(query); err != nil { return nil, err }
func (b *begin) hasFailed(a *ast.AssignStmt, at token.Pos) bool {
	if len(a.Rhs) != 1 || len(a.Lhs) < 2 || !isErrorType(b.info.TypeOf(a.Lhs[len(a.Lhs)-1])) ||
		len(b.loops(a.Pos())) > len(b.loops(b.duty.Call.Pos())) || b.hasGoto() {
		return false
	}
	for n := ast.Node(b.file.stmtAt(at)); n != nil && n != b.duty.Func; n = b.file.parent[n] {
		ifs, ok := b.file.parent[n].(*ast.IfStmt)
		if !ok || n != ast.Node(ifs.Body) || !b.impliesError(ifs.Cond, a.Lhs[len(a.Lhs)-1]) {
			continue
		}
		list := stmtList(b.file.parent[ifs])
		above := slices.Index(list, ast.Stmt(ifs)) - 1
		if ifs.Init == ast.Stmt(a) || ifs.Init == nil && above >= 0 && list[above] == ast.Stmt(a) {
			return true
		}
	}
	return false
}

// impliesError reports whether an error is not nil where a condition holds.
// Have: err != nil && !errors.Is(err, sql.ErrNoRows)
func (b *begin) impliesError(cond, err ast.Expr) bool {
	c, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	if c.Op == token.LAND {
		return b.impliesError(c.X, err) || b.impliesError(c.Y, err)
	}
	return c.Op == token.NEQ && (b.same(c.X, err) && b.isNil(c.Y) || b.same(c.Y, err) && b.isNil(c.X))
}

// storesDependent reports whether an assignment puts something that lives only as long as
// the transaction anywhere but in a variable.
// Have: r.stmt, err = tx.Prepare(query)
func (b *begin) storesDependent(a *ast.AssignStmt) bool {
	paired := len(a.Lhs) == len(a.Rhs)
	for i, l := range a.Lhs {
		if _, isIdent := ast.Unparen(l).(*ast.Ident); isIdent || b.isOwnElement(l) {
			continue
		}
		isOther := paired && (b.isNil(a.Rhs[i]) || b.isCopy(a.Rhs[i]))
		if b.isDependent(b.info.TypeOf(l)) && !isOther || paired && b.givesDependent(a.Rhs[i]) {
			return true
		}
	}
	return false
}

// isOwnElement reports whether an expression is an element of a slice or a map of the function's
// own, which is not returned, sent, assigned or captured, but at most given to functions.
// Have: builders[i] = tx.User.Create().SetAge(age)
func (b *begin) isOwnElement(x ast.Expr) bool {
	index, ok := ast.Unparen(x).(*ast.IndexExpr)
	if !ok {
		return false
	}
	v := b.ownVariable(index.X)
	return v != nil && b.onlyUsed(v, func(id *ast.Ident) bool {
		if b.inLiteralOf(id) {
			return false
		}
		switch p := b.file.parent[id].(type) {
		case *ast.IndexExpr, *ast.RangeStmt:
			return true
		case *ast.CallExpr:
			return p.Fun != ast.Expr(id) && !b.info.Types[p.Fun].IsBuiltin()
		}
		return false
	})
}

// isTied reports whether a value of an expression lives only as long as the transaction.
func (b *begin) isTied(x ast.Expr) bool {
	return !b.isNil(x) && !b.isCopy(x) && slices.ContainsFunc(b.resultTypes(x), b.isDependent)
}

// givesDependent reports whether an expression makes a struct or a function which has
// something that lives only as long as the transaction.
// Have: return &reader{rows: rows}, nil
func (b *begin) givesDependent(x ast.Expr) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			_, isLit := ast.Unparen(n.Fun).(*ast.FuncLit)
			return !isLit // what is run here is done
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					e = pair.Value
				}
				found = found || b.isTied(e)
			}
		case *ast.FuncLit:
			found = found || b.usesTied(n)
			return false
		}
		return !found
	})
	return found
}

// usesTied reports whether a function literal uses a variable from around it which has
// something that lives only as long as the transaction.
func (b *begin) usesTied(lit *ast.FuncLit) (found bool) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return !found
		}
		obj := b.info.Uses[id]
		if v, ok := obj.(*types.Var); ok && !v.IsField() && (v.Pos() < lit.Pos() || lit.End() <= v.Pos()) {
			found = found || b.isTied(id)
		}
		return !found
	})
	return found
}

// handsOutDependent reports whether some return of the function below the Begin does.
func (b *begin) handsOutDependent() (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = found || n.Pos() > b.duty.Call.End() && b.returnsDependent(n)
		}
		return !found
	})
	return found
}

// namedResults are the types of the results of the function that have names.
func (b *begin) namedResults() (all []types.Type) {
	var typ *ast.FuncType
	switch f := b.duty.Func.(type) {
	case *ast.FuncDecl:
		typ = f.Type
	case *ast.FuncLit:
		typ = f.Type
	}
	if typ == nil || typ.Results == nil {
		return nil
	}
	for _, field := range typ.Results.List {
		if len(field.Names) > 0 {
			all = append(all, b.info.TypeOf(field.Type))
		}
	}
	return all
}

// isDependent reports whether a value of type t may be of a transaction: of a type with
// the methods of a cursor that the library, or database/sql, declares, or bytes of an
// engine that hands out its own memory.
func (b *begin) isDependent(t types.Type) bool {
	library := b.library()
	if isBytes(t) {
		return library != "" && !b.isSQL()
	}
	elem := t
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		elem = p.Elem()
	}
	named, ok := types.Unalias(elem).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	if path := named.Obj().Pkg().Path(); path != "database/sql" && !(library != "" && strings.HasPrefix(path, library)) {
		return false
	}
	if types.Identical(t, b.info.TypeOf(b.duty.Handle)) {
		return false // the transaction itself
	}
	for _, name := range cursorMethods {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, named.Obj().Pkg(), name); obj != nil {
			if _, isMethod := obj.(*types.Func); isMethod {
				return true
			}
		}
	}
	return false
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	elem, ok := s.Elem().Underlying().(*types.Basic)
	return ok && elem.Kind() == types.Byte
}

// isCopy reports whether an expression has memory of its own.
// Have: append([]byte(nil), v...), bytes.Clone(v), []byte(text)
func (b *begin) isCopy(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return b.hasCopies(x)
	}
	tv := b.info.Types[call.Fun]
	return tv.IsBuiltin() || tv.IsType() && !isBytes(b.info.TypeOf(call.Args[0])) || copyName.MatchString(types.ExprString(call.Fun))
}

// hasCopies reports whether an expression is a variable of bytes that is given nothing but copies,
// by the function itself.
// Have: value := append([]byte(nil), bucket.Get(key)...); return value, nil
func (b *begin) hasCopies(x ast.Expr) bool {
	v := b.ownVariable(x)
	if v == nil || !isBytes(v.Type()) {
		return false
	}
	copies := 0
	only := b.onlyUsed(v, func(id *ast.Ident) bool {
		u, isUnary := b.file.parent[id].(*ast.UnaryExpr)
		return !isUnary || u.Op != token.AND
	})
	ast.Inspect(b.body(), func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return only
		}
		for i, l := range a.Lhs {
			if id, ok := l.(*ast.Ident); ok && b.info.ObjectOf(id) == types.Object(v) {
				from, isCall := ast.Unparen(a.Rhs[min(i, len(a.Rhs)-1)]).(*ast.CallExpr)
				only = only && isCall && b.isCopy(from)
				copies++
			}
		}
		return only
	})
	return only && copies > 0
}

var copyName = regexp.MustCompile(`(Clone|Copy)$`)

// library returns the path of the package that declares the rollback, "" if that is the
// program's own.
func (b *begin) library() string {
	for _, r := range b.duty.Rollbacks {
		if r.Func != nil && r.Func.Pkg() != nil && r.Func.Pkg() != b.pkg {
			return r.Func.Pkg().Path()
		}
	}
	return ""
}

// isSQL reports whether statements run on the transaction: such libraries hand out copies.
func (b *begin) isSQL() bool {
	t := b.info.TypeOf(b.duty.Handle)
	if t == nil {
		return true
	}
	if _, isPointer := t.Underlying().(*types.Pointer); !isPointer && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for sel := range types.NewMethodSet(t).Methods() {
		if name := sel.Obj().Name(); strings.HasPrefix(name, "Exec") || strings.HasPrefix(name, "Query") || strings.HasPrefix(name, "Raw") {
			return true
		}
	}
	return false
}

// hasParallel reports whether a test of the function goes on when the function has
// returned.
// Have: t.Run(name, func(t *testing.T) { t.Parallel(); ... })
func (b *begin) hasParallel() (found bool) {
	ast.Inspect(b.body(), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Parallel" || len(call.Args) > 0 {
			return true
		}
		fn, ok := b.info.Uses[sel.Sel].(*types.Func)
		found = ok && fn.Pkg() != nil && fn.Pkg().Path() == "testing" && b.inLiteralOf(call)
		return !found
	})
	return found
}

// hidesChildren reports whether the rollback is one of a field, of an object that may have
// other things open on the transaction.
func (b *begin) hidesChildren() bool {
	r := b.duty.Rollbacks[0]
	return r.Path != "" && len(r.Children) > 0
}

// children are the calls that made what must be closed before the transaction is ended,
// and each is told whether a deferred call closes it.
func (b *begin) children() (deferred []bool) {
	for _, call := range b.childCalls() {
		var of types.Object
		if a, ok := b.file.parent[call].(*ast.AssignStmt); ok && len(a.Lhs) > 0 {
			if id, ok := a.Lhs[0].(*ast.Ident); ok {
				of = b.info.ObjectOf(id)
			}
		}
		deferred = append(deferred, of != nil && slices.ContainsFunc(b.defers(), func(d *ast.DeferStmt) bool {
			sel, ok := ast.Unparen(d.Call.Fun).(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Close" {
				return false
			}
			id, ok := ast.Unparen(sel.X).(*ast.Ident)
			return ok && b.info.ObjectOf(id) == of
		}))
	}
	return deferred
}

func (b *begin) childCalls() (calls []*ast.CallExpr) {
	if len(b.duty.Rollbacks) == 0 || len(b.duty.Rollbacks[0].Children) == 0 {
		return nil
	}
	children := b.duty.Rollbacks[0].Children
	ast.Inspect(b.duty.Func, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
				if fn, ok := b.info.Uses[sel.Sel].(*types.Func); ok && slices.Contains(children, fn.Name()) {
					calls = append(calls, call)
				}
			}
		}
		return true
	})
	return calls
}

// inLiteralOf reports whether a node is in a function literal of the function.
func (b *begin) inLiteralOf(n ast.Node) bool {
	for n = b.file.parent[n]; n != nil && n != b.duty.Func; n = b.file.parent[n] {
		if _, ok := n.(*ast.FuncLit); ok {
			return true
		}
	}
	return false
}
