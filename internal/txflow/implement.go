package txflow

import (
	"bytes"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// implementation returns the one method that a call through an interface can
// reach, as far as this package and what it imports show; nil where there is none,
// or a choice (T13).
func (f *flow) implementation(method *types.Func) *types.Func {
	if impl, ok := f.impls[method]; ok {
		return impl
	}
	var found *types.Func
	recv := method.Signature().Recv()
	if iface, ok := recv.Type().Underlying().(*types.Interface); ok && iface.NumMethods() > 0 {
		found = f.onlyImplementation(iface, method)
	}
	f.impls[method] = found
	return found
}

func (f *flow) onlyImplementation(iface *types.Interface, method *types.Func) (found *types.Func) {
	count := 0
	same, allDirect := true, true
	f.implementers(iface, method, func(impl *types.Func, direct bool) {
		allDirect = allDirect && direct
		same = same && (count == 0 || allDirect && f.doTheSame(impl, found))
		if count++; found == nil {
			found = impl
		}
	})
	if count == 0 || !same || found == nil || types.IsInterface(found.Signature().Recv().Type()) {
		return nil // none, a choice, or what an interface inside it stands for
	}
	return found
}

// implementers calls yield for each type of this package and of those that it imports, which
// implements an interface, with its method, and whether that is the type's own. Fakes of the
// tests and stubs do not count, nor does for an interface of transactions what ends nothing: what
// the program works with is elsewhere then.
func (f *flow) implementers(iface *types.Interface, method *types.Func, yield func(impl *types.Func, direct bool)) {
	end := endOf(iface)
	visit := func(pkg *types.Package) {
		for tn := range implementing(pkg, iface) {
			if pkg == f.pass.Pkg && isTestFile(f.pass.Fset, tn.Pos()) || pkg != f.pass.Pkg && !tn.Exported() {
				continue
			}
			t := types.NewPointer(tn.Type())
			if end != nil && !f.mayEndAny(methodOf(t, end)) {
				continue
			}
			obj, path, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
			impl, _ := obj.(*types.Func)
			if f.asksNext(impl, method) || f.isStub(impl) {
				continue
			}
			yield(impl, len(path) == 1)
		}
	}
	visit(f.pass.Pkg)
	for _, p := range f.pass.Pkg.Imports() {
		var r reached
		if f.pass.ImportPackageFact(p, &r) || f.protocols.Relevant(p.Path()) {
			visit(p)
		}
		for _, impl := range f.hiddenImplementations(p, r.Hidden, iface, method) {
			yield(impl, true)
		}
	}
}

// implementing are the types of a package, other than generic ones, a pointer to which
// implements an interface.
func implementing(pkg *types.Package, iface *types.Interface) iter.Seq[*types.TypeName] {
	return func(yield func(*types.TypeName) bool) {
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
				continue
			}
			if named, ok := tn.Type().(*types.Named); !ok || named.TypeParams().Len() > 0 || !types.Implements(types.NewPointer(named), iface) {
				continue
			}
			if !yield(tn) {
				return
			}
		}
	}
}

// asksNext reports whether a method of this package, which implements one that yields a
// transaction, calls that of another object: who begins is behind it.
// Have: func (o logged) Open(ctx context.Context) (*sql.Tx, error) { tx, err := o.next.Open(ctx); ... }
func (f *flow) asksNext(impl, method *types.Func) bool {
	if impl == nil || impl.Pkg() != f.pass.Pkg || !f.mayYieldTx(method) {
		return false
	}
	fn := f.prog.FuncValue(impl)
	return fn != nil && slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			call, ok := instr.(ssa.CallInstruction)
			return ok && call.Common().IsInvoke() && call.Common().Method == method
		})
	})
}

// isStub reports whether a method of this package that is given something does nothing with it,
// nor with its receiver, and yields plain data: what the program works with is elsewhere.
// Have: func (noRooms) Select(tx *sql.Tx, id string) (int64, error) { return 0, errOff }
func (f *flow) isStub(impl *types.Func) bool {
	if impl == nil || impl.Pkg() != f.pass.Pkg || impl.Signature().Params().Len() == 0 {
		return false
	}
	if anyOf(impl.Signature().Results().Variables(), func(t types.Type) bool { return f.mayHold(t) && !isErrorType(t) }) {
		return false
	}
	fn := f.prog.FuncValue(impl)
	if fn == nil || len(fn.Blocks) != 1 || slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return len(*p.Referrers()) > 0 }) {
		return false
	}
	return !slices.ContainsFunc(fn.Blocks[0].Instrs, func(instr ssa.Instruction) bool {
		_, calls := instr.(ssa.CallInstruction)
		_, stores := instr.(*ssa.Store)
		return calls || stores
	})
}

// endOf returns the method of an interface that says by its name that it ends a transaction,
// one that commits rather than one that rolls back; nil if there is none.
func endOf(iface *types.Interface) (end *types.Func) {
	for m := range iface.Methods() {
		if protocol.NamesCommit(m.Name()) || protocol.NamesEnd(m.Name()) && end == nil {
			end = m
		}
	}
	return end
}

// methodOf returns the method of a type that implements one of an interface.
func methodOf(t types.Type, of *types.Func) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, of.Pkg(), of.Name())
	fn, _ := obj.(*types.Func)
	return fn
}

// mayEndBehind reports whether one of the implementations of an interface method that are in
// view may end what its receiver leads to.
func (f *flow) mayEndBehind(method *types.Func) bool {
	if ends, ok := f.behind[method]; ok {
		return ends
	}
	ends := false
	if iface, ok := method.Signature().Recv().Type().Underlying().(*types.Interface); ok {
		f.behind[method] = false
		f.implementers(iface, method, func(impl *types.Func, _ bool) {
			ends = ends || impl != nil && f.endsItself(impl)
		})
	}
	f.behind[method] = ends
	return ends
}

// doTheSame reports whether the facts of two methods of other packages tell the same of both.
func (f *flow) doTheSame(x, y *types.Func) bool {
	var a, b Summary
	if x == nil || y == nil || x.Pkg() == f.pass.Pkg || y.Pkg() == f.pass.Pkg || !f.importFact(x, &a) || !f.importFact(y, &b) || a.onlyLooks() {
		return false
	}
	return bytes.Equal(encodeFact(a.withoutOpenings), encodeFact(b.withoutOpenings))
}

// implementationAt is implementation for one call: what the interface was made of may be
// known by the function that yielded it.
// Have: tx, err := repo.NewBeginner(db).Begin(ctx)
func (f *flow) implementationAt(call *ssa.CallCommon) *types.Func {
	v, i := call.Value, 0
	if x, ok := v.(*ssa.Extract); ok {
		v, i = x.Tuple, x.Index
	}
	maker, ok := v.(*ssa.Call)
	if ok && maker.Call.StaticCallee() != nil && len(maker.Call.StaticCallee().Blocks) == 0 {
		s := f.factOfMake(calleeObject(maker.Common()))
		if t := f.typeYielded(s.Errors, i); t != nil {
			if obj, ok := f.hiddenMethodOf(t, call.Method); ok {
				return obj
			}
			return methodOf(t, call.Method)
		}
	}
	return f.implementation(call.Method)
}

// typeYielded is the type that is in an interface, result i of a function, in all cases.
func (f *flow) typeYielded(cases []Case, i int) types.Type {
	name := ""
	for _, k := range cases {
		for _, t := range k.Then {
			switch {
			case !t.At.Result || t.At.Index != i || t.At.Path != "":
			case t.Is != condType:
			case name != "" && name != t.Const:
				return nil
			default:
				name = t.Const
			}
		}
	}
	if name == "" {
		return nil
	}
	return f.typeNamed(name)
}

// settle resolves a call through an interface to its only implementation, where
// the transaction is concerned; it reports whether there is one.
func (m *machine) settle(st *state, c *call) bool {
	if c.fn != nil || c.obj == nil || !c.instr.Common().IsInvoke() {
		return false
	}
	if !m.beginning(st, c.instr) && !m.passesTx(st, c) {
		return false
	}
	impl := m.flow.implementationAt(c.instr.Common())
	if impl == nil && !m.passesTx(st, c) {
		if impl = m.flow.beginnerAt(c.instr.Common()); impl != nil {
			m.choose(st, c)
		}
	}
	if impl == nil {
		return false
	}
	fn := m.flow.prog.FuncValue(impl)
	if protocol.NamesEnd(impl.Name()) && m.isTx(st, c.recv) && m.flow.implementation(c.obj) == impl {
		return false // which does so, whatever else the one implementation in view looks at
	}
	if fn != nil && st.isIn(fn, nil) {
		return false // it passes the call on, to another implementation
	}
	c.obj, c.fn = impl, fn
	recv := impl.Signature().Recv().Type()
	if a, ok := m.pointee(c.recv); ok && c.fn != nil && pointerElem(recv) == recv && m.partly(st, a) {
		c.recv = m.read(st, a, recv, maxNesting) // a method of a value, which has a pointer to one
	}
	return true
}
