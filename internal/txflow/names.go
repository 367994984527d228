package txflow

import (
	"go/token"
	"go/types"
	"regexp"
)

const tokenEQL = token.EQL

// Where no body can be seen, names decide, and only in favour of silence (T11).
var (
	finishName = regexp.MustCompile(`(?i)commit([^s]|$)|rollback|abort|discard|finish|^end|^close|close$|^complete|^done$|^finali[sz]e|^conclude|^cleanup|^release|^cancel`)
	setterName = regexp.MustCompile(`^(Set|Put|Store|With|Add|Register|Push|Keep|Save|Bind|Provide|Inject|Attach|Append|Own|Track|Manage|Enqueue|Send|Publish|Emit|Submit|Schedule|Locals)`)
	errorName  = regexp.MustCompile(`^(New|Err|err|Errorf?|Wrapf?|wrap|WithStack|WithMessagef?)|Err(or)?f?$`)
)

// makesName is what functions are called that always yield a new object.
var makesName = regexp.MustCompile(`^(New|new|Must|must)([A-Z]|$)`)

// ofErrors is what packages are called that make errors; asksOf is what in them may yield
// none: it checks or converts something.
var (
	ofErrors = regexp.MustCompile(`(?i)(^|[a-z])err(s|or|ors)?$|problem$|fault$`)
	asksOf   = regexp.MustCompile(`(?i)^(check|valid|verify|ensure|assert|convert|from|to|as|is|has|map|translate|ignore|unwrap|cause|parse|maybe|combine|join|append|first|filter|get|load|find|recover|try|do|run|wait|close)`)
)

// isErrorMaker reports whether a function by its name, and that of its package, makes an
// error of what is no error.
// Have: return apierr.NotFound("user", id)
func isErrorMaker(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Signature().Recv() != nil || !ofErrors.MatchString(fn.Pkg().Name()) || asksOf.MatchString(fn.Name()) {
		return false
	}
	for v := range fn.Signature().Params().Variables() {
		t := v.Type()
		if list, ok := t.(*types.Slice); ok {
			t = list.Elem()
		}
		if isErrorType(t) || isFunc(t) || isContext(t) || isBool(t) {
			return false
		}
	}
	return true
}

func soundsLikeMake(name string) bool { return makesName.MatchString(name) }

func soundsLikeFinish(name string) bool { return finishName.MatchString(name) }
func soundsLikeSetter(name string) bool { return setterName.MatchString(name) }

// soundsLikeError leaves out accessors such as rows.Err and ctx.Err.
func soundsLikeError(name string) bool { return name != "Err" && errorName.MatchString(name) }

func isErrorType(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}
