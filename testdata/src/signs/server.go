package signs

import (
	"errors"
	"fmt"
)

// A ServerError is what a server says.
type ServerError struct {
	Number int
	Text   string
}

func (e *ServerError) Error() string { return e.Text }

// SQLState is what the standard calls it.
func (e *ServerError) SQLState() string { return fmt.Sprint(e.Number) }

// A Status is an error that is a number.
type Status int

func (s Status) Error() string { return "status" } // not reached

// Steps are looked up: nobody sees what they yield.
var Steps = map[string]func(k int) error{
	"step": func(k int) error {
		switch k {
		case 0:
			return &ServerError{1062, "duplicate"}
		case 1:
			return fmt.Errorf("wrapped: %w", &ServerError{1213, "deadlock"})
		case 2:
			return Status(5)
		case 3:
			return fmt.Errorf("wrapped: %w", ErrGone)
		}
		return nil
	},
}

// IsDuplicate looks into an error.
func IsDuplicate(err error) bool {
	var e *ServerError
	return errors.As(err, &e) && e.Number == 1062
}

// A StepError tells at which step something failed.
type StepError struct {
	Step string
	Err  error
}

func (e *StepError) Error() string { return e.Step + ": " + e.Err.Error() } // not reached
func (e *StepError) Unwrap() error { return e.Err }

// At is nil for nil.
func At(step string, err error) error {
	if err == nil {
		return nil
	}
	return &StepError{Step: step, Err: err}
}
