package plumb

import "sync"

// A Box has something in it.
type Box[T any] struct{ v T }

// NewBox makes one.
func NewBox[T any](v T) *Box[T] { return &Box[T]{v: v} }

// Get returns what is in there.
func (b *Box[T]) Get() T { return b.v }

// A Result is something, or an error.
type Result[T any] struct {
	v   T
	err error
}

// ResultOf makes one.
func ResultOf[T any](v T, err error) Result[T] { return Result[T]{v, err} }

// Get returns both.
func (r Result[T]) Get() (T, error) { return r.v, r.err }

// Err returns the error.
func (r Result[T]) Err() error { return r.err }

// An Option is something, or nothing.
type Option[T any] struct {
	v  T
	ok bool
}

// Some makes one that is something.
func Some[T any](v T) Option[T] { return Option[T]{v, true} }

// Get returns it.
func (o Option[T]) Get() (T, bool) { return o.v, o.ok }

// A Crate has anything in it.
type Crate struct{ v any }

// NewCrate makes one.
func NewCrate(v any) *Crate { return &Crate{v} }

// Open returns what is in there.
func (c *Crate) Open() any { return c.v }

// Match runs one of two functions.
func (r Result[T]) Match(ok func(T) error, failed func(error) error) error {
	if r.err != nil {
		return failed(r.err)
	}
	return ok(r.v)
}

// A Guarded value is used by one at a time.
type Guarded[T any] struct {
	mu sync.Mutex
	v  T
}

// Guard makes one.
func Guard[T any](v T) *Guarded[T] { return &Guarded[T]{v: v} }

// With gives it to a function.
func (g *Guarded[T]) With(f func(T) error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return f(g.v)
}
