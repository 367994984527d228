package txflow

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// A transaction that only a context carries is rolled back by a function that is given that.
// The author's own choice is known: one that the function, or else another one of the file,
// calls with a context which the same Begin has yielded.
// Have: ctx, err := enter(ctx, db); ...; drop(ctx)

// undoesContext returns such a call, one that need not be told an error first.
func (f *flow) undoesContext(src *source, d *Duty) []Rollback {
	begin, _ := typeutil.Callee(src.info, d.Call).(*types.Func)
	handle, isIdent := ast.Unparen(d.Handle).(*ast.Ident)
	if begin == nil || !isIdent || !isContext(src.info.TypeOf(handle)) {
		return nil
	}
	at := slices.IndexFunc(f.pass.Files, func(file *ast.File) bool { return file.FileStart <= d.Call.Pos() && d.Call.Pos() < file.FileEnd })
	if at < 0 {
		return nil
	}
	carried := f.carriedBy(src.info, f.pass.Files[at], begin)
	var here, there [2]*Rollback // those that need no error, and others
	ast.Inspect(f.pass.Files[at], func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		obj := contextGiven(src.info, call)
		if obj == nil || !carried[obj] {
			return true
		}
		r := f.dropOf(src.info, call, d.Call)
		if r == nil {
			return true
		}
		found := &there
		if obj == src.info.ObjectOf(handle) {
			found = &here
		}
		kind := 0
		if r.Decided {
			kind = 1
		}
		if found[kind] == nil {
			found[kind] = r
		}
		return true
	})
	for _, r := range []*Rollback{here[0], here[1], there[0], there[1]} {
		if r != nil {
			return []Rollback{*r}
		}
	}
	return nil
}

// carriedBy are the variables of a file that a function which begins yields a context to, and
// none that could carry a transaction of another one as well.
func (f *flow) carriedBy(info *types.Info, file *ast.File, begin *types.Func) map[types.Object]bool {
	carried, others := make(map[types.Object]bool), make(map[types.Object]bool)
	from := make(map[types.Object][]types.Object) // the contexts that the function was given
	ast.Inspect(file, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			return true
		}
		call, ok := ast.Unparen(a.Rhs[0]).(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, ok := typeutil.Callee(info, call).(*types.Func)
		if !ok || fn != begin && !f.beginsFor(fn) {
			return true
		}
		for _, l := range a.Lhs {
			id, ok := l.(*ast.Ident)
			if !ok || id.Name == "_" || !isContext(info.TypeOf(id)) {
				continue
			}
			obj := info.ObjectOf(id)
			if fn != begin {
				others[obj] = true
				continue
			}
			carried[obj] = true
			from[obj] = append(from[obj], contextGiven(info, call))
		}
		return true
	})
	maps.DeleteFunc(carried, func(obj types.Object, _ bool) bool {
		return others[obj] || slices.ContainsFunc(from[obj], func(x types.Object) bool { return others[x] })
	})
	return carried
}

// beginsFor reports whether a function is known to begin for its caller.
func (f *flow) beginsFor(fn *types.Func) bool {
	if fn = f.concrete(fn); fn == nil {
		return false
	}
	if fn.Pkg() != f.pass.Pkg {
		var s Summary
		return f.importFact(fn, &s) && len(s.Begins) > 0
	}
	body := f.prog.FuncValue(fn)
	return body != nil && len(body.Blocks) > 0 && len(f.analyze(body).begins) > 0
}

// concrete returns the one method that a method of an interface stands for, nil if there is
// none, and any other function as it is.
func (f *flow) concrete(fn *types.Func) *types.Func {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return f.implementation(fn)
	}
	return fn
}

// contextGiven returns the variable of a context that a call is given, nil for none.
func contextGiven(info *types.Info, call *ast.CallExpr) types.Object {
	for _, x := range call.Args {
		if id, ok := ast.Unparen(x).(*ast.Ident); ok && isContext(info.TypeOf(id)) {
			return info.ObjectOf(id)
		}
	}
	return nil
}

// dropOf returns what a call calls as a rollback of a Begin's context, nil if it is none. A
// method is called on what the Begin was called on.
func (f *flow) dropOf(info *types.Info, call, begin *ast.CallExpr) *Rollback {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || fn.Signature().Variadic() || fn.Signature().TypeParams().Len() > 0 || fn.Signature().Results().Len() > 1 {
		return nil
	}
	sig := fn.Signature()
	r := rollbackOf(sig)
	r.Func, r.Ctx = fn, false
	if sig.Results().Len() == 1 && !r.Fails {
		return nil
	}
	at := -1
	for i := range sig.Params().Len() {
		switch t := sig.Params().At(i).Type(); {
		case isContext(t) && at < 0:
			at = i
		case isErrorType(t) && !r.Decided:
			r.Decided = true
		default:
			return nil
		}
	}
	if at < 0 || sig.Params().Len() != len(call.Args) {
		return nil
	}
	r.Last = at > 0
	if sig.Recv() == nil {
		r.On = call.Fun
	} else {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		of, isMethod := ast.Unparen(begin.Fun).(*ast.SelectorExpr)
		if !ok || !isMethod || info.Selections[sel] == nil || info.Selections[of] == nil ||
			!types.Identical(info.TypeOf(sel.X), info.TypeOf(of.X)) {
			return nil
		}
		r.On, at = of.X, at+1
	}
	u := f.useAt(fn, Spot{Index: at})
	if r.Decided && u.Undoes != undoesError || !r.Decided && u.Undoes != undoesAlways {
		return nil
	}
	r.Repeats = u.Repeats
	return &r
}

// useAt tells what a function does to the transaction at a place of its arguments, no cases
// if that is not known.
func (f *flow) useAt(fn *types.Func, at Spot) Use {
	if fn = f.concrete(fn); fn == nil {
		return Use{}
	}
	var s Summary
	if fn.Pkg() != f.pass.Pkg {
		if !f.importFact(fn, &s) {
			return Use{}
		}
	} else if body := f.prog.FuncValue(fn); body != nil && len(body.Blocks) > 0 {
		s.Uses = f.uses(body)
	}
	for _, u := range s.Uses {
		if u.At == at {
			return u
		}
	}
	return Use{}
}
