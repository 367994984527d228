package store

// A Fault is an error with a code.
type Fault interface {
	error
	Code() int
}

type fault struct{ code int }

func (f *fault) Error() string { return "fault" }
func (f *fault) Code() int     { return f.code }

func newFault(code int) Fault { return &fault{code} }

// ErrTaken says that a name is taken.
var ErrTaken = newFault(1)
