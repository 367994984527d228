package txflow

import (
	"go/types"
	"slices"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A need tells how much of a package must be looked at. It is decided from the
// names that the source uses, before any SSA form is built: most packages of most
// programs have nothing to do with transactions.
type need uint8

const (
	needNothing need = iota
	needEndings      // it calls something that never returns: callers need to know
	needValues       // and so they do of what its short functions yield
	needAll
)

// need decides, and finds out whether transactions can be reached from here.
func (f *flow) need(reaches bool) need {
	f.result.reaches = reaches
	most := needNothing
	for _, obj := range f.pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		switch n := f.needOf(fn); {
		case n == needEndings:
			most = needEndings
		case n == needAll && reaches:
			return needAll
		}
	}
	if reaches && (f.takesTx() || f.callsHidden()) {
		return needAll
	}
	if IsOwn(f.pass.Module, f.pass.Pkg.Path()) {
		f.told = tellers(f.pass.Fset, f.pass.Files, f.mayEnd)
	}
	if len(f.told) > 0 {
		return needValues
	}
	return most
}

// callsHidden reports whether the package calls a method of an interface that only a
// hidden type implements.
func (f *flow) callsHidden() bool {
	hidden := make(map[string]bool) // names of methods
	for _, p := range f.pass.Pkg.Imports() {
		var r reached
		f.pass.ImportPackageFact(p, &r)
		for _, h := range r.Hidden {
			for _, m := range h.Methods {
				hidden[m.ID] = true
			}
		}
	}
	if len(hidden) == 0 {
		return false
	}
	for _, obj := range f.pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || !hidden[fn.Id()] {
			continue
		}
		if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) && f.isStandIn(f.implementation(fn)) {
			return true
		}
	}
	return false
}

// reaches reports whether a package can name anything of a transaction library, or an
// interface of transactions.
func (f *flow) reaches() bool {
	for _, p := range f.pass.Pkg.Imports() {
		if f.protocols.Relevant(p.Path()) || f.pass.ImportPackageFact(p, new(reached)) || f.protocols.RelevantPackage(p) {
			return true
		}
	}
	return f.protocols.RelevantPackage(f.pass.Pkg) || declaresTx(f.pass.Pkg)
}

// declaresTx reports whether a package declares an interface of transactions: programs
// that keep their libraries at arm's length name no other.
// Have: type Tx interface { Commit() error; Rollback() error }
func declaresTx(pkg *types.Package) bool {
	scope := pkg.Scope()
	return slices.ContainsFunc(scope.Names(), func(name string) bool {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		return ok && types.IsInterface(tn.Type()) && protocol.EndsTransactions(tn.Type())
	})
}

// needOf tells what a use of a function asks for.
func (f *flow) needOf(fn *types.Func) need {
	if role := f.protocols.Role(fn); role != nil {
		switch {
		case role.Open != nil, role.Finish != nil, role.Managed != nil, role.EndsOnErr != nil:
			return needAll
		case role.Exit != "":
			return needEndings
		}
	}
	if protocol.OpenByShape(fn) != nil || f.mayYieldTx(fn) {
		return needAll
	}
	var s Summary
	if fn.Pkg() != f.pass.Pkg && f.importFact(fn, &s) {
		if s.Ends != mayReturn {
			return needEndings
		}
		if len(s.Begins) > 0 || len(s.Uses) > 0 {
			return needAll
		}
	}
	return needNothing
}

// mayYieldTx reports whether a method of an interface may yield a transaction, if some
// implementation of it begins.
// Have: NewTransaction(ctx context.Context, readOnly bool) (datastore.Txn, error)
func (f *flow) mayYieldTx(fn *types.Func) bool {
	if recv := fn.Signature().Recv(); recv == nil || !types.IsInterface(recv.Type()) {
		return false
	}
	return anyOf(fn.Signature().Results().Variables(), f.canBeTx)
}

// takesTx reports whether some declared function can be passed a transaction.
func (f *flow) takesTx() bool {
	for _, obj := range f.pass.TypesInfo.Defs {
		fn, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		sig := fn.Signature()
		if r := sig.Recv(); r != nil && f.mayCarry(r.Type()) || anyOf(sig.Params().Variables(), f.mayCarry) {
			return true
		}
	}
	return false
}

// mayCarry reports whether a parameter of type t can bring a transaction.
func (f *flow) mayCarry(t types.Type) bool {
	if f.canBeTx(t) {
		return true
	}
	s, ok := coreStruct(pointerElem(t))
	if !ok || s.NumFields() > maxFields {
		return false
	}
	return anyOf(s.Fields(), f.canBeTx)
}
