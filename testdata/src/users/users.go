// Package users has a store of users behind an interface, over a store that can be begun on.
package users

import (
	"context"
	"database/sql"

	"txcases/depot"
)

// A Store has users.
type Store interface {
	Add(ctx context.Context, name string) error
	Transact(ctx context.Context) (Store, error)
	Done(err error) error
}

// NewStore returns a store on a database.
func NewStore(db *sql.DB) Store { return &store{depot.NewBase(db)} }

type store struct{ *depot.Base }

func (s *store) Add(ctx context.Context, name string) error { return s.Run(ctx, "INSERT INTO users") }

func (s *store) Transact(ctx context.Context) (Store, error) {
	base, err := s.Base.Transact(ctx)
	if err != nil {
		return nil, err
	}
	return &store{base}, nil
}

// A Mock is for tests.
type Mock struct {
	AddFunc      func(ctx context.Context, name string) error
	TransactFunc func(ctx context.Context) (Store, error)
	DoneFunc     func(err error) error
	calls        int
}

// Add calls what it is told to.
func (m *Mock) Add(ctx context.Context, name string) error {
	m.calls++                   // not reached
	return m.AddFunc(ctx, name) // not reached
}

// Transact calls what it is told to.
func (m *Mock) Transact(ctx context.Context) (Store, error) {
	m.calls++                  // not reached
	return m.TransactFunc(ctx) // not reached
}

// Done calls what it is told to.
func (m *Mock) Done(err error) error {
	m.calls++              // not reached
	return m.DoneFunc(err) // not reached
}
