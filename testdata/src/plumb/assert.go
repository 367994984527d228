package plumb

import (
	"fmt"
	"log"
)

// Assert panics unless ok.
func Assert(ok bool, text string) {
	if !ok {
		panic("assertion failed: " + text)
	}
}

// NoError panics with an error.
func NoError(err error) { Assert(err == nil, "no error") }

// Fatal ends the process for an error.
func Fatal(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Must returns what there is, or panics.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Errorf("must: %w", err))
	}
	return v
}

// Positive panics unless a number is.
func Positive(n int) {
	if n <= 0 {
		panic(fmt.Sprintf("%d is not positive", n))
	}
}
