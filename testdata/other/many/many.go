// Package many gathers errors. It knows no database.
package many

import "errors"

// Errors are errors that are one.
type Errors struct{ All []error }

func (e *Errors) Error() string { return errors.Join(e.All...).Error() }

// Append adds errors to those that there are.
func Append(e *Errors, errs ...error) *Errors {
	if e == nil {
		e = new(Errors)
	}
	for _, err := range errs {
		if err != nil {
			e.All = append(e.All, err)
		}
	}
	return e
}

// ErrorOrNil is nil where there are none.
func (e *Errors) ErrorOrNil() error {
	if e == nil || len(e.All) == 0 {
		return nil
	}
	return e
}

// Len is how many there are.
func (e *Errors) Len() int {
	if e == nil {
		return 0
	}
	return len(e.All)
}
