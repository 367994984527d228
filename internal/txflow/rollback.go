package txflow

import (
	"cmp"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A Rollback is a method that rolls back the transaction that it is called on.
type Rollback struct {
	// Func is called on the handle, or on the field of it that Path leads to. It is
	// nil where that is a func that rolls back itself.
	Func *types.Func
	Path string
	// Fails: all that it returns is an error.
	Fails bool
	// Takes a context as its only argument; otherwise there is none.
	Ctx bool
	// Children are the methods of the handle that make what must be closed before the call.
	Children []string
	// Decided: it takes an error or, ByPointer, the address of one, and rolls back if
	// that is not nil.
	Decided, ByPointer bool
	// On: Func is given the handle, which is a context, and is called by that expression, or
	// is a method of that. Last: the handle comes behind the error.
	On   ast.Expr
	Last bool
	// Repeats: calling it on a finished transaction does no harm. Silent: it is not
	// even an error.
	Repeats, Silent bool
}

// handleBeside looks for another result of the Begin that can roll back.
// Have: ctx, committer, err := db.TxContext(ctx)
func (f *flow) handleBeside(src *source, d *Duty, res *types.Tuple) {
	for i := range res.Len() {
		x := src.target(d.Call, i)
		if x == nil || named(src, x) == "" || isErrorType(res.At(i).Type()) {
			continue
		}
		if all := f.rollbacks(res.At(i).Type(), d.Level, true); len(all) > 0 {
			d.Handle, d.Rollbacks = x, all
			return
		}
	}
}

// rollbacksOf are those of a handle of type t.
func (f *flow) rollbacksOf(m *machine, t types.Type, d *Duty) []Rollback {
	o := m.ob.open
	isFunc := o != nil && o.Call != nil && (!d.Wrapped || m.ob.held.bare)
	if !isFunc && !m.ob.held.undoes || t == nil {
		return f.rollbacks(t, d.Level, true)
	}
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return nil
	}
	if isFunc {
		return calls(sig, o.Call)
	}
	return undoing(sig, "")
}

// calls returns the call of a handle that is a func, if that rolls back without being
// told to. Have: end := sqlitex.Save(conn)
func calls(sig *types.Signature, end *protocol.Finish) []Rollback {
	if end.Outcome == protocol.Commit {
		return nil
	}
	r := rollbackOf(sig)
	r.Decided = end.Outcome == protocol.Decided
	r.ByPointer = r.Decided
	if r.Decided && !takesErrorPointer(sig) || !r.Decided && sig.Params().Len() > 0 && !r.Ctx {
		return nil
	}
	r.Silent = end.Again == "nil" || end.Again == "noop"
	r.Repeats = end.Again != "panic" && end.Again != "damages-outer"
	return []Rollback{r}
}

// undoing returns the call of a func that rolls back, which a path leads to from the handle.
// Have: unlock, err := store.Guard(ctx)
func undoing(sig *types.Signature, path string) []Rollback {
	r := rollbackOf(sig)
	r.Path = path
	if sig.Params().Len() > 0 && !r.Ctx || sig.Results().Len() > 1 {
		return nil
	}
	return []Rollback{r}
}

// takesErrorPointer reports whether all that a function is given is a pointer to an error.
func takesErrorPointer(sig *types.Signature) bool {
	if sig.Params().Len() != 1 || sig.Results().Len() > 0 {
		return false
	}
	p, ok := sig.Params().At(0).Type().Underlying().(*types.Pointer)
	return ok && isErrorType(p.Elem())
}

// rollbackOf tells how a function with such a signature is called.
func rollbackOf(sig *types.Signature) Rollback {
	return Rollback{
		Ctx:   sig.Params().Len() == 1 && isContext(sig.Params().At(0).Type()),
		Fails: sig.Results().Len() == 1 && isErrorType(sig.Results().At(0).Type()),
	}
}

// thrown returns the only one of some results that can roll back.
func (f *flow) thrown(results *types.Tuple, level protocol.Level) (index int, found []Rollback) {
	for i := range results.Len() {
		r := f.rollbacks(results.At(i).Type(), level, true)
		if len(r) > 0 && len(found) > 0 {
			return 0, nil
		}
		if len(r) > 0 {
			index, found = i, r
		}
	}
	return index, found
}

// filled returns the receiver or argument of a call that can roll back, for a
// function that begins and leaves the transaction in there.
func (f *flow) filled(src *source, call *ast.CallExpr, level protocol.Level) (ast.Expr, []Rollback) {
	var given []ast.Expr
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && src.info.Selections[sel] != nil {
		given = append(given, sel.X)
	}
	for _, x := range append(given, call.Args...) {
		if r := f.rollbacks(src.info.TypeOf(x), level, true); len(r) > 0 {
			return x, r
		}
	}
	return nil, nil
}

// rollbackName finds the rollback of a wrapper, which no library describes. Under
// another name it must be seen to roll back: a Close or an End may commit.
var rollbackName = regexp.MustCompile(`^(?i:rollback|abort|discard|drop)`)

// rollbacks returns the methods of a type that roll back, the usual one first, or
// if there are none and nested is set those of its fields.
func (f *flow) rollbacks(t types.Type, level protocol.Level, nested bool) (found []Rollback) {
	if t == nil {
		return nil
	}
	if _, isPointer := t.Underlying().(*types.Pointer); !isPointer && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	var named, always, perhaps, told []Rollback
	for sel := range types.NewMethodSet(t).Methods() {
		fn, ok := sel.Obj().(*types.Func)
		if !ok || !fn.Exported() && fn.Pkg() != f.pass.Pkg {
			continue
		}
		sig := fn.Signature()
		r := rollbackOf(sig)
		r.Func = fn
		if sig.Params().Len() > 0 && !r.Ctx && !takesError(sig) || sig.Results().Len() > 1 {
			continue
		}
		role := f.protocols.Role(fn)
		switch {
		case role == nil:
			how := undoesNever
			if nested {
				how = f.undoes(fn, &r)
			}
			switch {
			case rollbackName.MatchString(fn.Name()) && !takesError(sig):
				named = append(named, r)
			case how == undoesNever:
			case r.Decided:
				told = append(told, r)
			case how == undoesMaybe:
				perhaps = append(perhaps, r)
			default:
				always = append(always, r)
			}
		case role.Finish != nil && role.Finish.Outcome == protocol.Rollback &&
			role.Finish.Handle.Kind == protocol.Recv && !role.Finish.OfOwner &&
			(role.Finish.Only == "" || role.Finish.Only == level):
			r.Silent, r.Children = role.Finish.UnlessDone, role.Finish.Children
			r.Repeats = role.Finish.UnlessDone || role.Finish.Again != "panic" && role.Finish.Again != "damages-outer"
			found = append(found, r)
		}
	}
	switch {
	case len(found) > 0:
	case len(named) > 0:
		found = named
	case nested:
		for _, all := range [][]Rollback{always, withClose(f.rollbacksOfFields(t, level), perhaps), perhaps, told, f.funcFields(t), closeOf(t)} {
			if len(found) == 0 {
				found = all
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Rollback) int { return cmp.Compare(a.rank(), b.rank()) })
	return append(aroundInner(found, always), found...)
}

// aroundInner returns the exported methods that always roll back, where those that were found are
// all the type's own business: they may need what the others do around them.
// Have: func (t *Tx) Close() error { return t.rollback() }
func aroundInner(found, always []Rollback) []Rollback {
	isExported := func(r Rollback) bool { return r.Func != nil && r.Func.Exported() }
	if slices.ContainsFunc(found, func(r Rollback) bool { return r.Func == nil || r.Path != "" || isExported(r) }) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(always), func(r Rollback) bool { return !isExported(r) || !r.Repeats })
}

// closeName finds the method that a function defers to have done with an object.
var closeName = regexp.MustCompile(`^(?i:close|end|finish|release|dispose|done|cleanup)`)

// withClose returns the rollbacks of the fields of an object, and behind them its own Close
// that rolls back unless it is told that nothing is left to do: to be deferred, that is better.
// Have: func (u *Unit) Close() { if !u.done { u.tx.Rollback() } }
func withClose(ofFields, perhaps []Rollback) []Rollback {
	if len(ofFields) == 0 {
		return nil
	}
	for _, r := range perhaps {
		if r.Repeats && closeName.MatchString(r.Func.Name()) {
			ofFields = append(slices.Clip(ofFields), r)
		}
	}
	return ofFields
}

// closeOf returns the Close of an interface that commits and has no method to roll back:
// that is what it does without a commit.
// Have: type Committer interface { Commit() error; Close() error }
func closeOf(t types.Type) []Rollback {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	commits := false
	var found []Rollback
	for m := range iface.Methods() {
		commits = commits || protocol.NamesCommit(m.Name())
		if sig := m.Signature(); m.Name() == "Close" && sig.Params().Len() == 0 && sig.Results().Len() <= 1 {
			r := rollbackOf(sig)
			r.Func, r.Repeats = m, true
			found = append(found, r)
		}
	}
	if !commits {
		return nil
	}
	return found
}

// undoes tells when a method rolls back all transactions that its receiver leads to. It
// notes whether it is told to by an error, and whether it may do so twice.
func (f *flow) undoes(method *types.Func, r *Rollback) Undoing {
	if types.IsInterface(method.Signature().Recv().Type()) {
		impl := f.implementation(method)
		if impl == nil && f.undoesTold(method) {
			r.Decided = true
			return undoesError
		}
		if method = impl; impl == nil {
			return undoesNever
		}
	}
	var s Summary
	if method.Pkg() != f.pass.Pkg {
		if !f.importFact(method, &s) {
			return undoesNever
		}
	} else if fn := f.prog.FuncValue(method); fn != nil && len(fn.Blocks) > 0 {
		s.Uses = f.uses(fn)
	}
	how, repeats := undoesNever, true
	for _, u := range s.Uses {
		switch {
		case u.At.Index != 0:
			continue
		case u.Undoes == undoesNever:
			return undoesNever
		case how != undoesMaybe:
			how = u.Undoes
		}
		repeats = repeats && u.Repeats
	}
	r.Decided, r.Repeats = takesError(method.Signature()), repeats && how != undoesNever
	return how
}

// rollbacksOfFields returns those of the only field that has any, for a struct
// around a transaction.
func (f *flow) rollbacksOfFields(t types.Type, level protocol.Level) (found []Rollback) {
	s, ok := coreStruct(pointerElem(t))
	if !ok {
		return nil
	}
	for v := range s.Fields() {
		if f.protocols.Handle(v.Type()) == nil && !f.endsByRole(v.Type()) || !v.Exported() && v.Pkg() != f.pass.Pkg {
			continue
		}
		switch {
		case len(found) == 0:
		case f.protocols.Handle(t) == nil:
			return nil
		case types.IsInterface(v.Type()): // the handles inside of a handle are one (T12)
			continue
		}
		found = f.rollbacks(v.Type(), level, false)
		for i := range found {
			found[i].Path = "." + v.Name()
		}
	}
	return found
}

// funcFields returns the fields of a struct that are functions which say by their name that
// they roll back. Have: type Hooks struct{ Commit, Rollback func() error }
func (f *flow) funcFields(t types.Type) (found []Rollback) {
	s, ok := coreStruct(pointerElem(t))
	if !ok {
		return nil
	}
	for v := range s.Fields() {
		sig, isFunc := v.Type().Underlying().(*types.Signature)
		if isFunc && rollbackName.MatchString(v.Name()) && (v.Exported() || v.Pkg() == f.pass.Pkg) {
			found = append(found, undoing(sig, "."+v.Name())...)
		}
	}
	return found
}

// endsByRole reports whether a library says of a method of a type that it rolls back.
func (f *flow) endsByRole(t types.Type) bool {
	for sel := range types.NewMethodSet(t).Methods() {
		if fn, ok := sel.Obj().(*types.Func); ok {
			if role := f.protocols.Role(fn); role != nil && role.Finish != nil && role.Finish.Outcome == protocol.Rollback {
				return true
			}
		}
	}
	return false
}

// rank orders methods by how plainly they say that they roll back.
func (r Rollback) rank() int {
	if r.Func == nil {
		return 0
	}
	switch name := r.Func.Name(); {
	case strings.EqualFold(name, "rollback"):
		return 0
	case rollbackName.MatchString(name):
		return 1
	}
	return 2
}
