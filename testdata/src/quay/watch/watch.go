// Package watch runs functions for others, and knows no database.
package watch

import (
	"context"
	"fmt"
	"sync"
)

var seen sync.Map

// Measure counts the runs of a function.
func Measure(name string, f func() error) error {
	defer seen.Store(name, true)
	return f()
}

// Named says what has failed.
func Named(name string, f func() error) error {
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Span runs a function below a context of its own.
func Span(ctx context.Context, f func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return f(ctx)
}

// Safely makes an error of a panic.
func Safely(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

// Thrice tries again, up to three times.
func Thrice(f func() error) error {
	var err error
	for range 3 {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}

// When runs a function only when it should.
func When(should bool, f func() error) error {
	if !should {
		return nil
	}
	return f()
}

// Always tries until it works.
func Always(f func() error) error {
	for {
		if err := f(); err == nil {
			return nil
		}
	}
}
