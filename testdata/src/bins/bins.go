// Package bins is a store of bins.
package bins

import (
	"context"
	"database/sql"

	"txcases/depot"
)

// A Store has bins.
type Store struct{ *depot.Base }

// NewStore returns a store on a database.
func NewStore(db *sql.DB) *Store { return &Store{depot.NewBase(db)} }

// Transact begins, or sets a savepoint.
func (s *Store) Transact(ctx context.Context) (*Store, error) {
	base, err := s.Base.Transact(ctx)
	if err != nil {
		return nil, err
	}
	return &Store{base}, nil
}

// Empty empties all.
func (s *Store) Empty(ctx context.Context) error { return s.Run(ctx, "DELETE FROM bins") }

// Refill forgets the transaction where nothing could be emptied.
func (s *Store) Refill(ctx context.Context) error {
	tx, err := s.Transact(ctx)
	if err != nil {
		return err
	}
	if err := tx.Empty(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Done(tx.Run(ctx, "INSERT INTO bins VALUES (1)"))
}
