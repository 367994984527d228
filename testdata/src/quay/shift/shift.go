// Package shift limits work to a time. It knows no database.
package shift

import (
	"context"
	"sync"
)

// A Shift has a context that ends with it.
type Shift struct {
	context.Context
	Name string

	mu     sync.Mutex
	cancel context.CancelFunc
	over   bool
}

// Start starts one.
func Start(ctx context.Context) *Shift {
	s := &Shift{}
	s.Context, s.cancel = context.WithCancel(ctx)
	return s
}

// Within returns the context.
func (s *Shift) Within() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Context
}

// Leave ends it.
func (s *Shift) Leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		s.over = true
		s.cancel()
	}
}

// Rename gives it another name.
func (s *Shift) Rename(name string) { s.Name = name }
