// Package yard runs what it is given.
package yard

import (
	"database/sql"
	"fmt"
	"sync"
)

// A Job runs.
type Job interface{ Run() error }

// A Pool keeps jobs.
type Pool struct {
	mu   sync.Mutex
	jobs []Job
	any  []any
}

// Submit keeps one.
func (p *Pool) Submit(j Job) { p.jobs = append(p.jobs, j) }

// Set keeps anything.
func (p *Pool) Set(v any) { p.any = append(p.any, v) }

// Work runs and drops all.
func (p *Pool) Work() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, j := range p.jobs {
		if err := j.Run(); err != nil {
			return err
		}
	}
	p.jobs = nil
	return nil
}

// Run runs one.
func Run(j Job) error { return j.Run() }

// Traced runs a function and wraps its error.
func Traced(name string, f func() error) error {
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Hooks are functions to run at the end.
type Hooks struct{ Commit, Rollback func() error }

// Finish runs one of them.
func (h Hooks) Finish(ok bool) error {
	if ok {
		return h.Commit()
	}
	return h.Rollback()
}

// Each runs a function on all.
func Each[T any](all []T, f func(T) error) error {
	for _, v := range all {
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}

// Count counts, in a transaction.
func Count(tx *sql.Tx) error {
	_, err := tx.Exec("SELECT COUNT(*) FROM yard")
	return err
}

// Wrap adds a text to an error, if there is one.
func Wrap(err *error, text string) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", text, *err)
	}
}

var noted error

// Note keeps an error, if there is one.
func Note(err *error) {
	if *err != nil {
		noted = *err
	}
}

// Recover turns a panic into an error.
func Recover(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("panic: %v", v)
	}
}

// Closers are run at the end.
type Closers struct{ all []func() }

// Add adds one.
func (c *Closers) Add(f func()) { c.all = append(c.all, f) }

// Close runs them.
func (c *Closers) Close() {
	for _, f := range c.all {
		f()
	}
}
