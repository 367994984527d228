// Package store begins transactions, in ways that its importers cannot all see.
package store

import (
	"context"
	"database/sql"
)

type Store struct{ DB *sql.DB }

func (s *Store) Open(ctx context.Context) (*sql.Tx, error) { return s.DB.BeginTx(ctx, nil) }

func (s *Store) Shut(tx *sql.Tx) { _ = tx.Rollback() }

// Work can bring a transaction, under a name of its own.
type Work struct{ Tx *sql.Tx }

// Handle is one under another name.
type Handle = sql.Tx

// Finisher is one by its methods.
type Finisher interface {
	Commit() error
	Rollback() error
}

// Box brings what its argument brings.
type Box[T any] struct{ V T }
