package store

import (
	"context"
	"database/sql"
	"errors"
)

// ErrFull says that a transaction takes no more.
var ErrFull = errors.New("the transaction is full")

// A Ream writes many names, and commits every now and then.
type Ream struct {
	s  *Store
	tx *sql.Tx
}

// Ream begins one.
func (s *Store) Ream(ctx context.Context) (*Ream, error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Ream{s: s, tx: tx}, nil
}

// Turn commits a page that is full, and begins the next one.
func (r *Ream) Turn(ctx context.Context, full bool) error {
	if !full {
		return nil
	}
	if err := r.tx.Commit(); err != nil {
		return err
	}
	tx, err := r.s.Begin(ctx)
	if err != nil {
		return err
	}
	r.tx = tx
	return nil
}

// put adds a name, and refuses to add none, which asks for a new page.
func (r *Ream) put(ctx context.Context, name string) error {
	if name == "" {
		return ErrFull // not reached
	}
	return Add(ctx, r.tx, name)
}

// Write adds a name, on a new page where the old one is full.
func (r *Ream) Write(ctx context.Context, name string) error {
	err := r.put(ctx, name)
	if !errors.Is(err, ErrFull) {
		return err
	}
	if err := r.Turn(ctx, true); err != nil {
		return err // not reached
	}
	return Add(ctx, r.tx, name) // not reached
}

// Tx returns the transaction of the page that is being written.
func (r *Ream) Tx() *sql.Tx { return r.tx }

// Close rolls back what was not committed.
func (r *Ream) Close() { _ = r.tx.Rollback() }

// Keep commits the last page.
func (r *Ream) Keep() error { return r.tx.Commit() }

// Turned gives back the transaction, or the one after it.
func (s *Store) Turned(ctx context.Context, tx *sql.Tx, full bool) (*sql.Tx, error) {
	if !full {
		return tx, nil
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	return s.Begin(ctx)
}

// Fresh gives back the transaction, or begins another one beside it.
func (s *Store) Fresh(ctx context.Context, tx *sql.Tx, full bool) (*sql.Tx, error) {
	if !full {
		return tx, nil
	}
	return s.Begin(ctx)
}

// All lists the transactions of the ream.
func (r *Ream) All() []*sql.Tx { return []*sql.Tx{r.tx} }

// Pages has them by their names.
func (r *Ream) Pages() map[string]*sql.Tx { return map[string]*sql.Tx{"last": r.tx} }

// Listed makes a list of one transaction.
func Listed(tx *sql.Tx) []*sql.Tx { return []*sql.Tx{tx} }
