package store

// A Fault is an error with a code.
type Fault interface {
	error
	Code() int
}

type fault struct{ code int }

func (f *fault) Error() string { return "fault" } // not reached
func (f *fault) Code() int     { return f.code }  // not reached

func newFault(code int) Fault { return &fault{code} } // not reached

// ErrTaken says that a name is taken.
var ErrTaken = newFault(1)
