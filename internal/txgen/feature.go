package txgen

import (
	"fmt"
	"slices"
	"strings"
)

// A Set says which features are on.
type Set map[string]bool

// Has reports whether a feature is on; the nameless one always is.
func (s Set) Has(feature string) bool { return feature == "" || s[feature] }

// features are all there are. Each names one thing that a function may do, small
// enough for its disagreements to have few causes.
var features = []string{
	"answer",       // what changes the answer to a question, or seems to
	"ask",          // questions instead of variables: fields, elements, lengths
	"askcall",      // ... and short functions
	"bool",         // conditions in variables, tested more than once
	"cancel",       // a deferred cancel of the transaction's context
	"captured",     // conditions in variables that a nested function captures
	"chan",         // hand-over through a channel
	"closure",      // finishers in variables, function literals called in place
	"const",        // branches that constants exclude
	"container",    // forms that gather transactions in slices and maps
	"defer",        // a deferred finish
	"deferbefore",  // ... registered before the Begin
	"defererr",     // ... only if an error variable says so
	"deferflag",    // ... only if a flag says so
	"deferguard",   // ... registered under the condition of the Begin
	"discard",      // transactions that nothing holds
	"fatal",        // os.Exit, log.Fatal
	"field",        // transactions in fields of local structs
	"form",         // functions of a given form, see forms
	"generic",      // generic helpers
	"goroutine",    // hand-over to a goroutine
	"goto",         // jumps to labels ahead
	"gotoback",     // jumps to labels behind
	"helper",       // helpers that always finish, or never
	"helperbody",   // ... with random bodies
	"helpererr",    // ... when their own work fails
	"helperif",     // ... when an argument says so
	"join",         // errors that are joined
	"joined",       // two errors tested at once
	"keep",         // hand-over to a map that outlives the call
	"kit",          // helpers of another package: always, or never
	"kitbody",      // ... with random bodies
	"kitif",        // ... when an argument says so
	"kitopen",      // ... that begin
	"label",        // labelled break and continue
	"loop",         // loops around the use of a transaction
	"loopbegin",    // loops around a Begin
	"methodvalue",  // tx.Rollback as a value
	"named",        // named results
	"nested",       // function literals with transactions of their own
	"ignored",      // errors of a Begin that nobody looks at
	"open",         // helpers that begin
	"openbody",     // ... with random bodies
	"openfunc",     // ... and return a function that finishes
	"openwork",     // ... and return a struct
	"own",          // a Begin under a condition
	"panic",        // explicit panics
	"rangefunc",    // range over functions
	"rebegin",      // the same variable twice
	"recover",      // deferred functions that recover
	"returned",     // hand-over to the caller
	"returnedfunc", // ... of a function that finishes
	"returnedwork", // ... in a struct
	"select",
	"several", // transactions at once
	"shadow",  // error variables that hide others
	"switch",
	"typeswitch",
	"wrap", // errors that are wrapped on their way
}

// All returns the set of all features.
func All() Set {
	s := Set{}
	for _, f := range features {
		s[f] = true
	}
	return s
}

// Parse reads a list such as "all,-goto" or "defer,named".
func Parse(list string) (Set, error) {
	s := Set{}
	for word := range strings.SplitSeq(list, ",") {
		name, off := strings.CutPrefix(word, "-")
		switch {
		case name == "all":
			for _, f := range features {
				s[f] = !off
			}
		case slices.Contains(features, name):
			s[name] = !off
		case name != "":
			return nil, fmt.Errorf("no feature %q; there are %s", name, strings.Join(features, ", "))
		}
	}
	return s, nil
}
