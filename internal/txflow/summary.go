package txflow

import (
	"fmt"
	"strings"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A Summary is the fact about one function: what a call of it does to
// transactions. Functions that have nothing to say have none.
//
// Its cases are guarded: a case applies where its conditions on the arguments hold,
// and then those on the results hold as well. Together they cover every way in
// which the function returns.
type Summary struct {
	// Ends tells how a function ends that never returns.
	Ends ending
	// Begins are the transactions that a call may leave its caller with, each on
	// its own.
	Begins []Beginning
	// Uses tell what becomes of a transaction that the caller passes in.
	Uses []Use
	// Lent are the parameters of a type that tells nothing, in which the function looks for a
	// transaction that it then only uses.
	Lent []int
	// Errors are the cases in which the results are known to be nil or not.
	Errors []Case
	// Makes: the first result is a new object, which nothing else leads to.
	Makes bool
	// MakesAll: and so are those that its fields point to.
	MakesAll bool
	// Looks: it changes nothing that callers can read.
	Looks bool
	// Runs are the parameters of function type that are called, and not kept.
	Runs []Run
}

// A Beginning is a transaction that a call may open for its caller.
type Beginning struct {
	Cases []Case
	// Openings are the calls that lead to the Begin, and last the Begin itself.
	Openings []Opening
	// Ctx is the parameter that is the context it is begun with, nil if none is.
	Ctx *Spot
	// ErrField is the field of the handle in which the protocol keeps the error of
	// the Begin, "" if it is a result.
	ErrField string
	// Level is what kind of thing it is, "" for a transaction.
	Level protocol.Level
	// Chosen: it hangs on what is in an interface whether it is opened.
	Chosen bool
}

// A Use tells what becomes of the transaction at one place of the arguments.
type Use struct {
	At    Spot
	Cases []Case
	// Undoes tells when it is finished on every path, and committed on none. Repeats:
	// doing so once more does no harm.
	Undoes  Undoing
	Repeats bool
	// Renews: what the function begins, it begins once this one is at an end.
	Renews bool
}

// An Undoing tells when a function rolls back.
type Undoing uint8

const (
	undoesNever  Undoing = iota // as far as is known
	undoesAlways                // whatever it is given
	undoesError                 // where all that it is given, an error, is not nil
	undoesMaybe                 // on some paths, and on no other it ends anything
)

// A Run is a parameter that the function calls before it returns.
type Run struct {
	Param int
	// Once: on every path exactly once.
	Once bool
	// Returned: the results are those of that call.
	Returned bool
	// Fails: the error of that call, if it is not nil, makes the function yield one. Works:
	// and if it is nil, that yields none.
	Fails, Works bool
}

// A Case is one way in which a call comes out.
type Case struct {
	When []Cond // of parameters
	Then []Cond // of results
	// Tx is the state of the transaction afterwards.
	Tx txState
	// Holds are the places through which the transaction can then be finished.
	Holds []Hold
	// Untold are the parameters on which it depends in a way that no Cond says. It may
	// come out where nothing is known of them.
	Untold []int
}

// A Spot is a place that both caller and callee can name: a parameter, the
// receiver being number 0, or a result, and a path below it in the form of
// machine memory; "*" goes through a pointer, "#" is the length of what is there, and
// "&" what is done to its bits, see masked.
type Spot struct {
	Result bool
	Index  int
	Path   string
}

// A Cond is a condition on the value at a spot.
type Cond struct {
	At Spot
	Is condKind
	// Same is the parameter that a result is the same value as, with condSame.
	Same Spot
	// Global is the package-level error that a result is, with condGlobal.
	Global string
	// Const is the number or text that a parameter or result is, with condConst, or is
	// not, with condOther, or the number that bounds it, with condAtLeast and condAtMost,
	// as go/constant writes it; with condType, the type, by the path of its package.
	Const string
}

type condKind uint8

const (
	condNil condKind = iota
	condNonNil
	condTrue
	condFalse
	condSame
	condGlobal
	condConst
	condOther
	condAtLeast
	condAtMost
	condAny  // of what was stored nothing is known
	condType // what is in an interface is of a type
)

// A Hold is a place that leads to the transaction.
type Hold struct {
	At Spot
	// Func: calling the function there finishes the transaction. Undoes: it always rolls
	// back.
	Func, Undoes bool
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// String is what test expectations match.
func (s *Summary) String() string {
	var parts []string
	if s.Ends != mayReturn {
		parts = append(parts, "ends")
	}
	for _, b := range s.Begins {
		parts = append(parts, "begins"+casesString(b.Cases))
	}
	for _, u := range s.Uses {
		parts = append(parts, "uses "+u.At.String()+casesString(u.Cases))
	}
	for _, i := range s.Lent {
		parts = append(parts, fmt.Sprintf("only uses %d", i))
	}
	if len(s.Errors) > 0 {
		parts = append(parts, "errors"+casesString(s.Errors))
	}
	if s.Makes {
		parts = append(parts, "makes")
	}
	if s.Looks {
		parts = append(parts, "looks")
	}
	for _, r := range s.Runs {
		parts = append(parts, fmt.Sprintf("runs %d", r.Param))
	}
	return strings.Join(parts, "; ")
}

func casesString(cases []Case) string {
	var b strings.Builder
	for _, c := range cases {
		b.WriteString(" [")
		b.WriteString(c.String())
		b.WriteByte(']')
	}
	return b.String()
}

func (c Case) String() string {
	var parts []string
	for _, w := range c.When {
		parts = append(parts, w.String())
	}
	parts = append(parts, stateNames[c.Tx])
	for _, h := range c.Holds {
		parts = append(parts, "in "+h.At.String())
	}
	for _, t := range c.Then {
		parts = append(parts, t.String())
	}
	for _, i := range c.Untold {
		parts = append(parts, fmt.Sprintf("untold %d", i))
	}
	return strings.Join(parts, " ")
}

var stateNames = [...]string{"unborn", "open", "finished", "handed over", "unknown"}

func (s Spot) String() string {
	kind := "param"
	if s.Result {
		kind = "result"
	}
	return fmt.Sprintf("%s %d%s", kind, s.Index, s.Path)
}

func (c Cond) String() string {
	switch c.Is {
	case condSame:
		return c.At.String() + "=" + c.Same.String()
	case condGlobal:
		return c.At.String() + "=" + c.Global
	case condConst:
		return c.At.String() + "=" + c.Const
	case condOther:
		return c.At.String() + "!=" + c.Const
	case condAtLeast:
		return c.At.String() + ">=" + c.Const
	case condAtMost:
		return c.At.String() + "<=" + c.Const
	case condType:
		return c.At.String() + ":" + c.Const
	case condAny:
		return c.At.String() + "=?"
	}
	return c.At.String() + [...]string{"=nil", "!=nil", "=true", "=false"}[c.Is]
}

// reached is the fact of a package from whose functions or types a transaction
// library can be reached; a package without it cannot name a transaction.
type reached struct {
	// Analysed: its functions were looked at, so that one without a Summary only
	// uses a transaction.
	Analysed bool
	// Hidden are types of the package that importers cannot name.
	Hidden []hiddenType
	// Ended are errors of the package that say that a transaction has ended.
	Ended []string
}

// AFact marks reached as a fact.
func (*reached) AFact() {}

func (*reached) String() string { return "reaches a transaction library" }
