package txflow

import (
	"go/types"
)

// An interface may stand for transactions without a word of Commit and Rollback: what
// implements it in its own package has a transaction, and it has a method of a name like an
// end. A fact tells which these are, so that all who meet one agree.
// Have: type Handle interface { Transact(ctx context.Context) (Handle, error); Done(err error) error }

// face is the fact about the name of such an interface.
type face struct{}

// AFact marks face as a fact.
func (*face) AFact() {}

func (*face) String() string { return "stands for transactions" }

// isFace reports whether a type is such an interface.
func (f *flow) isFace(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.TypeParams().Len() > 0 || !types.IsInterface(n) {
		return false
	}
	is, known := f.faces[n.Obj()]
	if !known && n.Obj().Pkg() != f.pass.Pkg && f.pass.ImportObjectFact != nil {
		is = f.pass.ImportObjectFact(n.Obj(), new(face))
		f.faces[n.Obj()] = is
	}
	return is
}

// findFaces finds those that the package declares. None is known while it looks for them.
func (f *flow) findFaces() (faces []*types.TypeName) {
	scope := f.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || isTestFile(f.pass.Fset, tn.Pos()) {
			continue
		}
		if iface, ok := tn.Type().Underlying().(*types.Interface); ok && hasEnd(iface) && f.isImplementedByTx(iface) {
			faces = append(faces, tn)
		}
	}
	for _, tn := range faces {
		f.faces[tn] = true
	}
	clear(f.paths) // they were found without
	return faces
}

// hasEnd reports whether a method of an interface is named like an end, and has the form of one.
func hasEnd(iface *types.Interface) bool {
	for m := range iface.Methods() {
		if soundsLikeFinish(m.Name()) && mayEndHidden(m.Signature()) {
			return true
		}
	}
	return false
}

// isImplementedByTx reports whether what implements an interface in this package has a
// transaction.
func (f *flow) isImplementedByTx(iface *types.Interface) bool {
	for tn := range implementing(f.pass.Pkg, iface) {
		if !isTestFile(f.pass.Fset, tn.Pos()) && f.leadsToTx(tn.Type()) {
			return true
		}
	}
	return false
}
