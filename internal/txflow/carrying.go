package txflow

import (
	"go/types"
	"strings"

	"github.com/txcheck/txcheck/internal/protocol"
)

// maxPartsAsked bounds how many types are looked into, one inside another, to tell
// whether a value is plain data. A type that needs more is not taken for that; the largest
// seen in practice took 291.
const maxPartsAsked = 2000

// mayHold reports whether a value of type t that was made from a transaction may be
// used to finish it. Errors and plain data cannot: no handle can be reached from
// them, however many pointers lead on. What a callee has loaded by a transaction may
// be kept and returned, and the transaction is still to be finished (T10).
func (f *flow) mayHold(t types.Type) bool {
	if _, isParam := types.Unalias(t).(*types.TypeParam); isParam || isErrorType(t) {
		return false
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer:
		if _, isStruct := coreStruct(u.Elem()); !isStruct {
			return false
		}
	case *types.Struct:
	case *types.Interface:
		return !isData(t)
	case *types.Signature:
		return true
	default:
		return false
	}
	if known, ok := f.holding[t]; ok {
		return known
	}
	search := partSearch{flow: f, seen: make(map[types.Type]bool)}
	leads := search.leads(t)
	f.holding[t] = leads
	return leads
}

// A partSearch looks for a part of a type that can be a transaction, or code.
type partSearch struct {
	flow *flow
	seen map[types.Type]bool
}

// leads reports whether a transaction may be reached from a value of type t. An
// empty interface inside a struct is taken for a field of a record.
func (s *partSearch) leads(t types.Type) bool {
	t = types.Unalias(t)
	if s.seen[t] || isErrorType(t) || isEmptyInterface(t) || isData(t) {
		return false
	}
	if _, isBasic := t.(*types.Basic); isBasic {
		return false
	}
	s.seen[t] = true
	if len(s.seen) > maxPartsAsked || s.flow.canBeTx(t) || endsSomething(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return false
	case *types.Pointer:
		return s.leads(u.Elem())
	case *types.Slice:
		return s.leads(u.Elem())
	case *types.Array:
		return s.leads(u.Elem())
	case *types.Map:
		return s.leads(u.Key()) || s.leads(u.Elem())
	case *types.Struct:
		for v := range u.Fields() {
			if s.leads(v.Type()) {
				return true
			}
		}
		return false
	}
	return true // code, a channel, or what another type stands for
}

// endsSomething reports whether a declared type has a method named like a finisher of
// transactions, by whatever it may know them.
func endsSomething(t types.Type) bool {
	n := declaredType(t)
	if n == nil {
		return false
	}
	for _, name := range protocol.EndNames() {
		if obj, _, _ := types.LookupFieldOrMethod(n, true, n.Obj().Pkg(), name); obj != nil {
			if _, isMethod := obj.(*types.Func); isMethod {
				return true
			}
		}
	}
	return false
}

// isData reports whether a type belongs to a package whose values are results of
// statements or plain data.
func isData(t types.Type) bool {
	n := declaredType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	switch path := n.Obj().Pkg().Path(); path {
	case "database/sql":
		return !strings.HasSuffix(n.Obj().Name(), "Tx")
	case "time", "math/big", "net/url", "sync", "sync/atomic":
		return true
	default:
		// What generated messages are made of, beside their fields.
		return strings.HasPrefix(path, "google.golang.org/protobuf/") || path == "github.com/gogo/protobuf/types"
	}
}

// declaredType returns the declared type that t is, or that it points to, nil if
// there is none.
func declaredType(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}
