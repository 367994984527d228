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
