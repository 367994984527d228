package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// What opens a transaction that no body in view shows: by its name and shape, as a variable, or
// behind an interface.

// openOf returns how a call opens a transaction: as a protocol says of the function,
// or of the method that alone implements it; through an interface of which there is
// none, a choice, or one that begins nothing, by name and shape; by shape alone where
// all that there are begin.
func (f *flow) openOf(obj *types.Func, invoke bool) *protocol.Open {
	if role := f.protocols.Role(obj); role != nil {
		return role.Open
	}
	if !invoke {
		return nil
	}
	impl := f.implementation(obj)
	if impl != nil {
		if role := f.protocols.Role(impl); role != nil {
			return role.Open
		}
	}
	shape := protocol.OpenByShape(obj)
	switch {
	case shape != nil && impl != nil && f.opensItself(impl):
		return nil
	case shape == nil && impl == nil && f.allOpen(obj):
		shape = protocol.OpenByResults(obj)
	}
	return f.failingAsHandle(shape, obj)
}

// failingAsHandle is a begin by shape which yields a handle that carries the error of its own
// Begin, and so fails as that does.
// Have: type Beginner interface { Begin() *gorm.DB }
func (f *flow) failingAsHandle(shape *protocol.Open, method *types.Func) *protocol.Open {
	if shape == nil || shape.Handle.Kind != protocol.Result || method.Signature().Results().Len() != 1 {
		return shape
	}
	handle := method.Signature().Results().At(0).Type()
	if f.protocols.Handle(handle) == nil {
		return shape
	}
	for sel := range f.prog.MethodSets.MethodSet(handle).Methods() {
		role := f.protocols.Role(sel.Obj().(*types.Func))
		if role == nil || role.Open == nil || role.Open.Err.Kind != protocol.OfHandle {
			continue
		}
		own := *shape
		own.Err, own.MaybeOpen, own.LiveOnErr = role.Open.Err, role.Open.MaybeOpen, role.Open.LiveOnErr
		return &own
	}
	return shape
}

// beginners are what there is of the implementations of a method in view: how many, how many of
// these begin, and the first that does.
type beginners struct {
	all, begin int
	first      *types.Func
	// asked is how many functions were being analysed when somebody began to look for them, and
	// done whether that has come to its end.
	asked int
	done  bool
}

// beginnersOf looks for the implementations of a method of an interface that begin. Where one of
// them asks for that, there are none yet, and what is found out on the strength of that is found
// out again.
func (f *flow) beginnersOf(method *types.Func) *beginners {
	if found := f.beginners[method]; found != nil {
		if !found.done {
			f.assumed = min(f.assumed, found.asked)
			return new(beginners)
		}
		return found
	}
	found := &beginners{asked: f.analyzing}
	f.beginners[method] = found
	if iface, ok := method.Signature().Recv().Type().Underlying().(*types.Interface); ok {
		f.implementers(iface, method, func(impl *types.Func, _ bool) {
			found.all++
			if impl == nil || !f.opensByRole(impl) {
				return
			}
			if found.begin++; found.first == nil {
				found.first = impl
			}
		})
	}
	found.done = true
	return found
}

// opensByRole reports whether a method begins: as a protocol says of it, or as its body shows.
func (f *flow) opensByRole(method *types.Func) bool {
	if role := f.protocols.Role(method); role != nil {
		return role.Open != nil
	}
	return f.opensItself(method)
}

// beginnerAt returns what a call through an interface calls where a transaction is open
// afterwards: the only implementation, or the first of several that begins; nil where none does.
// Have: func (h *dbHandle) Transact(ctx context.Context) (Handle, error), beside one of *txHandle
func (f *flow) beginnerAt(call *ssa.CallCommon) *types.Func {
	if impl := f.implementationAt(call); impl != nil {
		return impl
	}
	return f.beginnersOf(call.Method).first
}

// allOpen reports whether a method of an interface has several implementations in view, each
// of which begins.
func (f *flow) allOpen(method *types.Func) bool {
	found := f.beginnersOf(method)
	return f.mayYieldTx(method) && found.all > 1 && found.begin == found.all
}

// opensItself reports whether a method may leave its caller with an open transaction. One
// that is being looked at passes the call on to another implementation.
func (f *flow) opensItself(method *types.Func) bool {
	if method.Pkg() != f.pass.Pkg {
		return f.importedBegins(method) > 0
	}
	fn := f.prog.FuncValue(method)
	if fn == nil {
		return false
	}
	if res := f.done[fn]; res != nil && res.depth > 0 {
		return false
	}
	return f.beginsOf(fn) > 0
}

// openAt is openOf for one call.
func (f *flow) openAt(call ssa.CallInstruction, obj *types.Func, invoke bool) *protocol.Open {
	o := f.openOf(obj, invoke)
	if o != nil && o.Handle.Kind == protocol.Result && !isTaken(call, o.Handle.Index) {
		return o.OnReceiver()
	}
	return o
}

// openByVariable returns how a call of a parameter, field or package variable opens a
// transaction, by name and shape. Of a variable that the function itself sets it is known
// what that does, or it may be one that begins only once.
// Have: begin := sync.OnceValues(func() (*sql.Tx, error) { return db.BeginTx(ctx, nil) })
func openByVariable(call *ssa.CallCommon) *protocol.Open {
	if call.IsInvoke() || call.StaticCallee() != nil {
		return nil
	}
	o := protocol.OpenByVariable(variableName(call.Value), call.Signature())
	if o == nil || isOwnVariable(call.Value) {
		return nil
	}
	return o
}

// isOwnVariable reports whether a value is read from a local variable other than one that
// holds a parameter, such as a parameter that a literal shares.
func isOwnVariable(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	at := load.X
	if free, ok := at.(*ssa.FreeVar); ok {
		at = bindingOf(free)
	}
	switch at := at.(type) {
	case nil, *ssa.FreeVar:
		return true
	case *ssa.Alloc:
		only, _ := onlyStore(at)
		_, isParam := only.(*ssa.Parameter)
		return !isParam
	}
	return false
}

// isTaken reports whether anything reads result i of a call.
func isTaken(call ssa.CallInstruction, i int) bool {
	v := call.Value()
	if v == nil {
		return false
	}
	if _, isTuple := v.Type().(*types.Tuple); !isTuple {
		return len(*v.Referrers()) > 0
	}
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		x, ok := r.(*ssa.Extract)
		return !ok || x.Index == i && len(*x.Referrers()) > 0
	})
}

// beginsOf returns how many transactions a call of fn may leave its caller with.
func (f *flow) beginsOf(fn *ssa.Function) int {
	fn = declared(fn)
	if f.mayOpen(fn) {
		return 1
	}
	if obj, ok := fn.Object().(*types.Func); ok && len(fn.Blocks) == 0 {
		return f.importedBegins(obj)
	}
	return 0
}

// importedBegins is beginsOf for a function of another package.
func (f *flow) importedBegins(fn *types.Func) int {
	var s Summary
	if f.importFact(fn, &s) {
		return len(s.Begins)
	}
	return 0
}
