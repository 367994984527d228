// Package signs tells what went wrong. It knows no database.
package signs

import (
	"errors"
	"fmt"
)

// The errors that there are.
var (
	ErrGone = errors.New("gone")
	ErrBusy = errors.New("busy")
)

// Missing is the error that something is not there.
func Missing(what string, id int) error { return &Sign{fmt.Sprint(what, id)} }

// A Sign is an error with a text.
type Sign struct{ text string }

func (s *Sign) Error() string { return s.text } // not reached

// A Problem is told to clients.
type Problem struct{ Status int }

// NewProblem returns one.
func NewProblem(status int) *Problem { return &Problem{status} }

// IsGone looks for an error.
func IsGone(err error) bool { return errors.Is(err, ErrGone) }

// A Page is what is answered.
type Page struct {
	status int
	text   string
}

// Handled answers an error, if there is one.
func Handled(p *Page, err error) bool {
	if err == nil {
		return false
	}
	p.status, p.text = 500, err.Error()
	return true
}

// A Visit is aborted or not.
type Visit struct {
	aborted bool
	Errors  []error
}

// NewVisit returns one.
func NewVisit() *Visit { return &Visit{} }

// Abort aborts it.
func (v *Visit) Abort() { v.aborted = true }

// IsAborted tells.
func (v *Visit) IsAborted() bool { return v.aborted }

// Fail keeps an error.
func (v *Visit) Fail(err error) { v.Errors = append(v.Errors, err) }

// A Result is how it went.
type Result struct {
	Name string
	Err  error
}

// Failed is one that did not go well.
func Failed(err error) Result { return Result{Err: err} }
