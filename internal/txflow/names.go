package txflow

import (
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

const tokenEQL = token.EQL

// Where no body can be seen, names decide, and only in favour of silence (T11).
var setterName = regexp.MustCompile(`^(?i:Set|Put|Store|With|Add|Register|Push|Keep|Save|Bind|Provide|Inject|Attach|Append|Own|Track|Manage|Enqueue|Send|Publish|Emit|Submit|Schedule|Locals|LoadOrStore|GetOrStore|GetOrSet|Swap|CompareAndSwap)`)

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

func soundsLikeSetter(name string) bool { return setterName.MatchString(name) }

// errorMakers are names, in lower case, of functions that add to an error, or make one.
var errorMakers = words("new errorf wrap wrapf withstack withmessage withmessagef")

// errorAsks begin the names of functions that look for an error, or do something to one.
var errorAsks = words("check get last has save clear take log handle report print write send store record set is as find load read peek pop drain wait ignore skip first join combine parse validate verify ensure assert try do run test any collect reset")

// soundsLikeError reports whether a function is named like one that makes errors. What is
// asked for one, such as rows.Err, is not.
// Have: newNotFoundError(id), ErrInvalid(field), Wrapf(err, "user %d", id); but it.Error(), CheckError(n)
func soundsLikeError(name string) bool {
	if errorMakers[strings.ToLower(name)] {
		return true
	}
	parts := camelWords(name)
	isError := func(w string) bool {
		w = strings.TrimSuffix(w, "f")
		return w == "err" || w == "error"
	}
	switch n := len(parts); {
	case n < 2 || errorAsks[parts[0]] || slices.Contains(parts, "nil"):
		return false
	case parts[0] == "new", parts[0] == "wrap":
		return slices.ContainsFunc(parts, isError)
	default:
		return isError(parts[0]) || isError(parts[n-1])
	}
}

func isErrorType(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}
