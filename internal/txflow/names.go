package txflow

import (
	"go/token"
	"go/types"
	"regexp"
)

const tokenEQL = token.EQL

// Where no body can be seen, names decide, and only in favour of silence (T11).
var (
	finishName = regexp.MustCompile(`(?i)commit([^s]|$)|rollback|abort|discard|finish|^end|^close|close$|^complete|^done$|^cleanup|^release|^cancel`)
	setterName = regexp.MustCompile(`^(Set|Put|Store|With|Add|Register|Push|Keep|Save|Bind|Provide|Inject)`)
	errorName  = regexp.MustCompile(`^(New|Err|err|Errorf?|Wrapf?|wrap|WithStack|WithMessagef?)|Err(or)?f?$`)
)

// makesName is what functions are called that always yield a new object.
var makesName = regexp.MustCompile(`^(New|new|Must|must)([A-Z]|$)`)

func soundsLikeMake(name string) bool { return makesName.MatchString(name) }

func soundsLikeFinish(name string) bool { return finishName.MatchString(name) }
func soundsLikeSetter(name string) bool { return setterName.MatchString(name) }

// soundsLikeError leaves out accessors such as rows.Err and ctx.Err.
func soundsLikeError(name string) bool { return name != "Err" && errorName.MatchString(name) }

func isErrorType(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}
