// Package plumb has helpers that know nothing of databases.
package plumb

import (
	"errors"
	"io"
)

// Capture adds the error of a function to another one.
func Capture(err *error, f func() error) { *err = errors.Join(*err, f()) }

// SafeClose closes.
func SafeClose(c io.Closer) { _ = c.Close() }

// A Stack of things to close.
type Stack struct{ all []io.Closer }

// Add adds one.
func (s *Stack) Add(c io.Closer) { s.all = append(s.all, c) }

// Close closes all.
func (s *Stack) Close() {
	for _, c := range s.all {
		_ = c.Close()
	}
}

// Peek looks at one.
func Peek(c io.Closer) bool { return c != nil }

// Retry calls a function until it works.
func Retry(f func() error, more func() bool) error {
	for {
		err := f()
		if err == nil || !more() {
			return err
		}
	}
}
