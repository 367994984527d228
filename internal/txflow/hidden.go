package txflow

import (
	"go/token"
	"go/types"
	"hash/fnv"
	"slices"
	"strings"
)

// Importers know nothing of the types of a package that its exported declarations do not
// mention. Such a type behind an interface is common, and what its methods do to
// transactions is therefore told with the package.
// Have: func Open(db *sql.DB) (Session, error), which returns a *session

// Bounds of what is told, in methods of a type and in bytes of a package: beyond, nothing
// is told.
const (
	maxHiddenMethods = 60
	maxHidden        = 1 << 14
)

// A hiddenType is one that importers cannot name.
type hiddenType struct {
	Name    string
	Methods []hiddenMethod
}

// A hiddenMethod is one of a pointer to a hidden type.
type hiddenMethod struct {
	ID string // see types.Id
	// Shape is a hash of what it takes and yields.
	Shape int
	// Says: it has a fact, which is Does.
	Says bool
	Does Summary
}

// hiddenTypes are those that lead to transactions, take or begin them, and those that have a
// method of such a name: they may be what an interface stands for instead. The facts of
// declared methods are given.
func (f *flow) hiddenTypes(facts map[*types.Func]*Summary) []hiddenType {
	var all []hiddenType
	names := make(map[string]bool) // of methods that do something
	scope := f.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || tn.Exported() || types.IsInterface(tn.Type()) {
			continue
		}
		if named, ok := tn.Type().(*types.Named); !ok || named.TypeParams().Len() > 0 {
			continue
		}
		set := f.prog.MethodSets.MethodSet(types.NewPointer(tn.Type()))
		if set.Len() == 0 {
			continue
		}
		if set.Len() > maxHiddenMethods {
			return nil
		}
		h := hiddenType{Name: name}
		for sel := range set.Methods() {
			method := sel.Obj().(*types.Func)
			m := hiddenMethod{ID: method.Id(), Shape: shapeOf(method)}
			s := facts[method]
			if fn := f.prog.MethodValue(sel); fn != nil && isWrapper(fn) && f.leadsToTx(tn.Type()) {
				s = f.summarizeSafely(fn)
			}
			if s != nil {
				m.Says, m.Does = true, *s.bounded()
				if len(s.Begins) > 0 || len(s.Uses) > 0 || len(s.Lent) > 0 {
					names[m.ID] = true
				}
			}
			if f.takesHandle(method) {
				names[m.ID] = true
			}
			h.Methods = append(h.Methods, m)
		}
		all = append(all, h)
	}
	all = slices.DeleteFunc(all, func(h hiddenType) bool {
		return !slices.ContainsFunc(h.Methods, func(m hiddenMethod) bool { return names[m.ID] })
	})
	if len(encodeFact(func(c *coder) { list(c, &all, (*coder).hiddenType) })) > maxHidden {
		return nil
	}
	return all
}

// takesHandle reports whether a function takes a transaction.
func (f *flow) takesHandle(fn *types.Func) bool {
	return anyOf(fn.Signature().Params().Variables(), func(t types.Type) bool { return f.protocols.Handle(t) != nil })
}

// shapeOf is a hash of the types of what a method takes and yields.
func shapeOf(method *types.Func) int {
	h := fnv.New32a()
	h.Write([]byte(types.TypeString(withoutNames(method.Signature()), (*types.Package).Path)))
	return int(h.Sum32() >> 2)
}

// withoutNames returns the type of a function without the names of its parameters and
// results, which make no difference.
func withoutNames(t types.Type) types.Type {
	sig, ok := t.(*types.Signature)
	if !ok {
		return t
	}
	list := func(all *types.Tuple) *types.Tuple {
		plain := make([]*types.Var, all.Len())
		for i := range plain {
			plain[i] = types.NewParam(token.NoPos, nil, "", withoutNames(all.At(i).Type()))
		}
		return types.NewTuple(plain...)
	}
	return types.NewSignatureType(nil, nil, nil, list(sig.Params()), list(sig.Results()), sig.Variadic())
}

// implements reports whether a pointer to the hidden type has the methods of an interface.
func (h *hiddenType) implements(iface *types.Interface) bool {
	for want := range iface.Methods() {
		m := h.method(want)
		if m == nil || m.Shape != shapeOf(want) {
			return false
		}
	}
	return true
}

func (h *hiddenType) method(like *types.Func) *hiddenMethod {
	i := slices.IndexFunc(h.Methods, func(m hiddenMethod) bool { return m.ID == like.Id() })
	if i < 0 {
		return nil
	}
	return &h.Methods[i]
}

// typeInside names the type of what is in an interface, "" if that is not known or has no
// name.
func typeInside(v value) string {
	b, ok := v.(boxed)
	if !ok {
		return ""
	}
	star := ""
	if elem := pointerElem(b.typ); elem != b.typ {
		star = "*"
	}
	named, ok := types.Unalias(pointerElem(b.typ)).(*types.Named)
	if !ok || named.TypeParams().Len() > 0 || named.Obj().Pkg() == nil || named.Obj().Parent() != named.Obj().Pkg().Scope() {
		return ""
	}
	return star + named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

// typeNamed finds the type that typeInside has named, if it is one of this package or of one
// that it imports: where importers cannot name it, one that stands for it. It is nil if there
// is none.
func (f *flow) typeNamed(text string) types.Type {
	if t, ok := f.inside[text]; ok {
		return t
	}
	path, isPointer := strings.CutPrefix(text, "*")
	dot := strings.LastIndexByte(path, '.')
	path, name := path[:dot], path[dot+1:]
	var found types.Type
	for _, p := range append(f.pass.Pkg.Imports(), f.pass.Pkg) {
		if p.Path() != path {
			continue
		}
		if tn, ok := p.Scope().Lookup(name).(*types.TypeName); ok && (tn.Exported() || p == f.pass.Pkg) {
			found = tn.Type()
		} else if h := f.hiddenType(p, name); h != nil {
			named := types.NewNamed(types.NewTypeName(token.NoPos, p, name, nil), types.NewStruct(nil, nil), nil)
			f.hidden[named] = h
			found = named
		}
	}
	if found != nil && isPointer {
		found = types.NewPointer(found)
	}
	f.inside[text] = found
	return found
}

// hiddenType is what an imported package tells of a type, nil if nothing.
func (f *flow) hiddenType(pkg *types.Package, name string) *hiddenType {
	var r reached
	f.pass.ImportPackageFact(pkg, &r)
	i := slices.IndexFunc(r.Hidden, func(h hiddenType) bool { return h.Name == name })
	if i < 0 {
		return nil
	}
	return &r.Hidden[i]
}

// hiddenMethodOf returns what stands for the method of a type that itself stands for a hidden
// one, nil if that does not tell of it; ok reports whether it is such a type.
func (f *flow) hiddenMethodOf(t types.Type, method *types.Func) (_ *types.Func, ok bool) {
	named, _ := pointerElem(t).(*types.Named)
	h := f.hidden[named]
	if h == nil {
		return nil, false
	}
	m := h.method(method)
	if m == nil || m.Shape != shapeOf(method) {
		return nil, true
	}
	return f.standIn(named.Obj().Pkg(), h.Name, method, m), true
}

// hiddenImplementations stands for the methods of hidden types of an imported package that
// implement one of an interface.
func (f *flow) hiddenImplementations(pkg *types.Package, types []hiddenType, iface *types.Interface, method *types.Func) (found []*types.Func) {
	end := endOf(iface)
	for i := range types {
		if types[i].implements(iface) && (end == nil || slices.ContainsFunc(types[i].method(end).Does.Uses, Use.endsAny)) {
			found = append(found, f.standIn(pkg, types[i].Name, method, types[i].method(method)))
		}
	}
	return found
}

// standInKey names what stands for a method of a hidden type, for one of an interface.
type standInKey struct {
	pkg  *types.Package
	recv string
	like *types.Func
}

// standIn makes an object for a hidden method, whose fact is known.
func (f *flow) standIn(pkg *types.Package, recv string, like *types.Func, m *hiddenMethod) *types.Func {
	key := standInKey{pkg, recv, like}
	if fn := f.madeFor[key]; fn != nil {
		return fn
	}
	name := types.NewTypeName(token.NoPos, pkg, recv, nil)
	named := types.NewNamed(name, types.NewStruct(nil, nil), nil)
	sig := like.Signature()
	self := types.NewParam(token.NoPos, pkg, "", types.NewPointer(named))
	fn := types.NewFunc(token.NoPos, pkg, like.Name(), types.NewSignatureType(self, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
	f.madeFor[key], f.standIns[fn] = fn, nil
	if m.Says {
		f.standIns[fn] = &m.Does
	}
	return fn
}

// isStandIn reports whether an object stands for a hidden method.
func (f *flow) isStandIn(fn *types.Func) bool {
	_, ok := f.standIns[fn]
	return ok
}

// importFact stores the fact of a function of another package in s, and reports whether it
// has one.
func (f *flow) importFact(fn *types.Func, s *Summary) bool {
	if does, ok := f.standIns[fn]; ok {
		if does != nil {
			*s = *does
		}
		return does != nil
	}
	return f.pass.ImportObjectFact != nil && f.pass.ImportObjectFact(fn.Origin(), s)
}
