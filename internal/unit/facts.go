package unit

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// facts are the facts of a unit and of what it imports. Those of imports are
// decoded when they are asked for, which is seldom.
type facts struct {
	pkg      *types.Package
	own      map[key]analysis.Fact
	imported map[key]string
	decoded  map[key]analysis.Fact
}

// encoded is what a fact must be to be written.
type encoded interface {
	GobEncode() ([]byte, error)
	GobDecode([]byte) error
}

// newFacts takes the facts of the imports from their answers.
func newFacts(pkg *types.Package, v *view) *facts {
	f := &facts{
		pkg: pkg, own: make(map[key]analysis.Fact),
		imported: make(map[key]string), decoded: make(map[key]analysis.Fact),
	}
	for _, e := range v.answer.facts {
		f.imported[e.key] = e.text
	}
	for path, a := range v.imports {
		for _, e := range a.facts {
			if e.pkg == path {
				f.imported[e.key] = e.text
			}
		}
	}
	return f
}

// keyOf names a fact about an object; ok is false for what has no name beyond its
// package.
func keyOf(obj types.Object, fact analysis.Fact) (k key, ok bool) {
	if obj.Pkg() == nil {
		return key{}, false
	}
	k = key{pkg: obj.Pkg().Path(), name: obj.Name(), typ: typeName(fact)}
	fn, isFunc := obj.(*types.Func)
	if !isFunc {
		return k, obj.Parent() == obj.Pkg().Scope()
	}
	if fn.Origin() != fn {
		return key{}, false // an instance has no facts of its own
	}
	if recv := fn.Signature().Recv(); recv != nil {
		t := types.Unalias(recv.Type())
		if p, isPointer := t.(*types.Pointer); isPointer {
			t = types.Unalias(p.Elem())
		}
		named, isNamed := t.(*types.Named)
		if !isNamed || named.Obj().Parent() != named.Obj().Pkg().Scope() {
			return key{}, false
		}
		k.recv = named.Obj().Name()
	}
	return k, true
}

func typeName(fact analysis.Fact) string { return reflect.TypeOf(fact).Elem().Name() }

func (f *facts) importObject(obj types.Object, fact analysis.Fact) bool {
	k, ok := keyOf(obj, fact)
	return ok && f.get(k, fact)
}

func (f *facts) importPackage(pkg *types.Package, fact analysis.Fact) bool {
	return f.get(key{pkg: pkg.Path(), typ: typeName(fact)}, fact)
}

// get stores the fact with this key in *fact.
func (f *facts) get(k key, fact analysis.Fact) bool {
	found, ok := f.own[k]
	if !ok {
		found, ok = f.decoded[k]
	}
	if !ok {
		text, has := f.imported[k]
		if !has {
			return false
		}
		found = reflect.New(reflect.TypeOf(fact).Elem()).Interface().(analysis.Fact)
		if e, ok := found.(encoded); !ok || e.GobDecode([]byte(text)) != nil {
			return false // of another version: as good as none
		}
		f.decoded[k] = found
	}
	reflect.ValueOf(fact).Elem().Set(reflect.ValueOf(found).Elem())
	return true
}

func (f *facts) exportObject(obj types.Object, fact analysis.Fact) {
	if k, ok := keyOf(obj, fact); ok && obj.Pkg() == f.pkg {
		f.own[k] = fact
	}
}

func (f *facts) exportPackage(fact analysis.Fact) {
	f.own[key{pkg: f.pkg.Path(), typ: typeName(fact)}] = fact
}

// entries returns the facts that the unit adds to those of its imports.
func (f *facts) entries() (list []factEntry) {
	for k, fact := range f.own {
		list = appendFact(list, k, fact)
	}
	return list
}

// appendFact adds a fact in the form in which importers find it. One that cannot be
// put in that form is left out: that is as good as unknown.
func appendFact(list []factEntry, k key, fact analysis.Fact) []factEntry {
	e, ok := fact.(encoded)
	if !ok {
		return list
	}
	text, err := e.GobEncode()
	if err != nil {
		return list
	}
	k.typ = typeName(fact)
	return append(list, factEntry{key: k, concern: txflow.ConcernOf(fact), text: string(text)})
}
