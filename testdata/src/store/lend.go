package store

import (
	"context"
	"database/sql"
)

// With gives the transaction of the page to a function.
func (r *Ream) With(f func(tx *sql.Tx) error) error { return f(r.tx) }

// Self gives the ream itself.
func (r *Ream) Self(f func(r *Ream) error) error { return f(r) }

// A Clerk is given a transaction.
type Clerk interface {
	Handle(ctx context.Context, tx *sql.Tx) error
}

// Serve gives a transaction to a clerk.
func Serve(ctx context.Context, tx *sql.Tx, clerk Clerk) error { return clerk.Handle(ctx, tx) }

// Steps gives it to one function after the other.
func Steps(tx *sql.Tx, steps ...func(tx *sql.Tx) error) error {
	for _, step := range steps {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
}

// Routes are functions by their names.
type Routes map[string]func(tx *sql.Tx) error

// Run gives a transaction to one of them.
func (r Routes) Run(name string, tx *sql.Tx) error { return r[name](tx) }

// Within gives the transaction in a context to a function.
func Within(ctx context.Context, f func(tx *sql.Tx) error) error { return f(FromContext(ctx)) }
