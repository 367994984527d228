package txflow

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// What drivers that skip packages need to know: see package unit.

// A Concern tells why the fact of a function makes a package that uses the
// function worth a look.
type Concern uint8

// The concerns, in increasing order of importance.
const (
	NoConcern      Concern = iota
	EndsPaths              // it never returns: who always calls it does not either
	HasTx                  // it leaves its caller with a transaction, or does something to one
	ReachesLibrary         // the fact is of a package: its importers can name transactions
)

// ConcernOf tells what a fact of this package means to those who use its object.
func ConcernOf(fact analysis.Fact) Concern {
	switch fact := fact.(type) {
	case *reached:
		return ReachesLibrary
	case *Summary:
		switch {
		case fact.Ends != mayReturn:
			return EndsPaths
		case len(fact.Begins) > 0 || len(fact.Uses) > 0:
			return HasTx
		}
	}
	return NoConcern
}

// Reached returns the fact of a package that can reach a transaction library, for
// one that no function of it has any summary.
func Reached() analysis.Fact { return &reached{Analysed: true} }

// Carriers returns the names of the exported types through which a parameter can
// bring a transaction, sorted.
func (r *Result) Carriers() (names []string) {
	if r.protocols == nil {
		return nil
	}
	f := &flow{pass: r.pass, protocols: r.protocols, faces: make(map[*types.TypeName]bool)}
	for _, tn := range r.faces {
		f.faces[tn] = true
	}
	scope := r.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		if tn, ok := scope.Lookup(name).(*types.TypeName); ok && tn.Exported() && f.mayCarry(tn.Type()) {
			names = append(names, name)
		}
	}
	return names
}
