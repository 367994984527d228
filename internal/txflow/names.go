package txflow

import (
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

const tokenEQL = token.EQL

// Where no body can be seen, names decide, and only in favour of silence (T11).
var (
	finishName = regexp.MustCompile(`(?i)commit|rollback|abort|discard|finish|^end|^close|^complete|^done$|^cleanup|^release`)
	setterName = regexp.MustCompile(`^(Set|Put|Store|With|Add|Register|Push|Keep|Save|Bind|Provide|Inject)`)
	errorName  = regexp.MustCompile(`^(New|Err|err|Errorf?|Wrapf?|wrap|WithStack|WithMessagef?)|Err(or)?f?$`)
)

func soundsLikeFinish(name string) bool { return finishName.MatchString(name) }
func soundsLikeSetter(name string) bool { return setterName.MatchString(name) }

// soundsLikeError leaves out accessors such as rows.Err and ctx.Err.
func soundsLikeError(name string) bool { return name != "Err" && errorName.MatchString(name) }

func isErrorType(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// mayHold reports whether a value of a type made from a transaction may be used
// to finish it. Plain data and errors cannot.
func mayHold(t types.Type) bool {
	if _, isParam := types.Unalias(t).(*types.TypeParam); isParam || isErrorType(t) {
		return false
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer:
		_, isStruct := coreStruct(u.Elem())
		return isStruct && !isData(t)
	case *types.Struct, *types.Interface:
		return !isData(t)
	case *types.Signature:
		return true
	}
	return false
}

// isData reports whether a type belongs to a package whose values are results of
// statements or plain data.
func isData(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	switch path := named.Obj().Pkg().Path(); path {
	case "database/sql":
		return !strings.HasSuffix(named.Obj().Name(), "Tx")
	case "time", "math/big", "net/url":
		return true
	}
	return false
}
