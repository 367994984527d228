package protocol

// A PlaceKind says which part of a call a Place stands in.
type PlaceKind uint8

// The parts of a call.
const (
	Nowhere  PlaceKind = iota
	Recv               // the receiver
	Arg                // argument Index, the receiver not counted
	Result             // result Index
	Self               // the called function value itself (a handle that is a func)
	Panics             // the failure is a panic, not a value
	OfHandle           // a field of the handle: tx.Error
)

// A Place is one value that a call takes or yields, or a field below it.
// In YAML: "recv", "arg 1", "result 0", "result 0.Tx", "self", "panics", "handle.Error", "none".
type Place struct {
	Kind  PlaceKind
	Index int
	Path  []string // field names, outermost first
}

// A Library is what one file describes.
type Library struct {
	Name    string
	Module  string   // module that the names were resolved against, "std" for the standard library
	Version string   // version that the facts were read from
	Imports []string // import paths that hold it; a path below a vendor folder matches by suffix
	Source  string   // where the facts come from
	File    string   // name of the YAML file
	Handles []string // types whose values denote a transaction, as go/types writes them
	// Opens, Finishes and Manages are the functions that do so, as the file writes them.
	Opens, Finishes, Manages []string
	// CallEnds: one of its opens gives a func that ends the transaction.
	CallEnds bool
	// EndsBy are the conditions that its finishers put on the opening call: they
	// tell kinds of transactions apart.
	EndsBy []ArgIs
}

// A Level tells apart what is held while a handle is open.
type Level string

// The levels of an Open.
const (
	Transaction Level = "transaction" // holds a connection or a lock
	Session     Level = "session"     // an owner: finishing it ends an open transaction
	Savepoint   Level = "savepoint"   // holds nothing; its work is committed with the parent
	Soft        Level = "soft"        // holds client state only
)

// An Open describes a call that opens a transaction.
type Open struct {
	Lib    *Library
	Func   string // as go/types writes it, for messages and for the test that resolves names
	Handle Place
	Err    Place // Nowhere when the call cannot fail
	// MaybeOpen: an error does not prove that nothing is open (gorm on a handle
	// that already carries an error).
	MaybeOpen bool
	// LiveOnErr: the handle is not nil although the call failed.
	LiveOnErr bool
	When      []ArgIs // the call opens only with these arguments
	// OnlyReads: nothing can be written in it, or not with one of the arguments ReadsIf.
	OnlyReads bool
	ReadsIf   []ArgIs
	Ctx       int // index of the context argument, -1 if none
	// CancelFinishes: cancelling that context rolls back.
	CancelFinishes bool
	// CtxOfRecv: that context is not an argument (Ctx is -1) but the one that the
	// receiver carries since an Alias with a Ctx (gorm's WithContext).
	CtxOfRecv bool
	// Reentry is what a second call on the same value does: independent, error, noop,
	// same-handle (of a transaction, that transaction), same-result (what the first
	// call gave), savepoint-handle, counted, outer-alias, deadlock, replaces (it is for a
	// transaction that the server has ended).
	Reentry string
	Level   Level
	Holds   string // connection, lock, server-state, client-state, nothing
	// Owner is the value whose own end, by a Finish marked OfOwner, ends this
	// transaction as well (neo4j's session); Nowhere if there is none.
	Owner Place
	// Call is set when the handle is a func: calling it ends the transaction.
	Call *Finish
}

// An ArgIs demands that argument Index is the constant Value ("true", "1").
type ArgIs struct {
	Index int
	Value string
}

// An Outcome tells what a finisher does with the work.
type Outcome string

// The outcomes of a Finish.
const (
	Commit   Outcome = "commit"
	Rollback Outcome = "rollback"
	Decided  Outcome = "decided" // by an argument
)

// A Finish describes a call that ends a transaction.
type Finish struct {
	Lib     *Library
	Func    string
	Handle  Place // recv, arg i, recv.Field, self
	Outcome Outcome
	// UnlessDone: a repeat is silent (RollbackUnlessCommit, Close).
	UnlessDone bool
	OnErr      string // finished, open
	Again      string // what a second finish does: error, nil, noop, panic, damages-outer
	NilPanics  bool   // the call panics on a nil handle
	// Children are the methods of the handle by whose results the call panics that are
	// not closed yet.
	Children []string
	// When: the call finishes only what was opened with these arguments of the
	// opening call (bbolt's Commit ends Begin(true) alone).
	When []ArgIs
	// Only restricts it to what was opened at this level, "" to none: mongo's
	// CommitTransaction ends the transaction of a session, not the session.
	Only Level
	// OfOwner: Handle is not the transaction but the Owner of its Open; what was
	// begun on it and is still open ends with it.
	OfOwner bool
}

// An Alias describes a call whose result is the same transaction under another name.
type Alias struct {
	Lib      *Library
	Func     string
	From, To Place
	View     bool // the result cannot finish the transaction
	Itself   bool // the result is the very value that the call is made on
	// KeepsError: the call runs nothing, so that the error which the result carries
	// is that of the value it was made on.
	KeepsError bool
	NeverFails bool  // the error that it returns is nil
	Ctx        Place // the context that the result carries: an argument or a field of one
}

// A Managed call runs its callback inside a transaction that it finishes itself.
type Managed struct {
	Lib      *Library
	Func     string
	Callback int // index of the argument
	Handle   int // index of the callback's parameter that is the transaction, -1 if none
}

// An Exit tells how a call that never returns ends.
type Exit string

// The kinds of Exit.
const (
	Process   Exit = "process"   // ends the process: no exit
	Test      Exit = "test"      // ends the test or goroutine: no exit
	Recovered Exit = "recovered" // panics on purpose, a framework recovers: an exit like a return
	Panicking Exit = "panics"    // an ordinary panic that the body does not show (zap's Logger.Panic)
)

// A Nilness says what is known of an error result without looking at a body.
type Nilness struct {
	Func   string
	Result int
	// NonNil: never nil. Otherwise the result is nil exactly when argument Arg is.
	NonNil bool
	Arg    int
	// ProvesArg: that Result being true proves that argument Arg is not nil
	// (errors.Is); nothing is said of Result's own nil-ness.
	ProvesArg bool
}

// An Assert describes a call that returns only if argument Arg has a Value, and
// otherwise ends the test, the process or the goroutine (require.NoError); or, with
// Tells, one whose result is whether Arg has it (assert.NoError).
type Assert struct {
	Func  string
	Tells bool
	Arg   int
	Value string // nil, nonnil, true, false, equal
	Other int    // with Value equal: the argument that Arg equals, else -1
}

// A Role is all that is known of one function. Several may apply (go-pg's
// RunInTransaction on a Tx is Managed and Finish).
type Role struct {
	Open    *Open
	Finish  *Finish
	Alias   *Alias
	Managed *Managed
	Exit    Exit
	Nilness *Nilness
	Assert  *Assert
	// EndsOnErr: the call uses the transaction, and ends it when it returns an
	// error (neo4j's Run). The plain Finish of a function is never set with it.
	EndsOnErr *Finish
	// Runs is the index of a func argument that the call runs before it returns
	// (sync.Once.Do), -1 if none; Keeps is one that it runs later (t.Cleanup).
	Runs, Keeps int
	// Plain: a known method that only uses the handle.
	Plain bool
	// Pure: what the call yields depends on its arguments alone, and it changes nothing.
	Pure bool
	// Reads: the call keeps and changes nothing of what it is given as any.
	Reads bool
	// Running: tells whether a transaction is open on its receiver.
	Running bool
	// Writable: tells whether its receiver is of the kind that every finisher ends.
	Writable bool
}

// OnlyAsks reports whether a call of the function changes nothing that it is given.
func (r *Role) OnlyAsks() bool {
	return r.Nilness != nil || r.Assert != nil || r.Pure || r.Running || r.Writable
}
