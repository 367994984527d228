package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
)

// RollbackPanic is for defer: it rolls back after a panic and makes an error of
// it. Errors it leaves to others.
func RollbackPanic(tx *sql.Tx, err *error) {
	if p := recover(); p != nil {
		_ = tx.Rollback()
		*err = fmt.Errorf("panic: %v", p)
	}
}

// EndPanic is for defer: it rolls back after a panic, which goes on, and after an
// error; otherwise it commits.
func EndPanic(tx *sql.Tx, err *error) {
	if p := recover(); p != nil {
		_ = tx.Rollback()
		panic(p)
	} else if *err != nil {
		_ = tx.Rollback()
	} else {
		*err = tx.Commit()
	}
}

// Queries are what can be asked of a store.
type Queries struct{ tx *sql.Tx }

// AddItem is one of them.
func (q *Queries) AddItem(ctx context.Context, name string) error { return Add(ctx, q.tx, name) }

// ExecTx runs work with queries in a transaction.
func (s *Store) ExecTx(ctx context.Context, work func(*Queries) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err = work(&Queries{tx: tx}); err != nil {
		if failed := tx.Rollback(); failed != nil {
			return fmt.Errorf("%w, and then %w", err, failed)
		}
		return err
	}
	return tx.Commit()
}

// ExecKnown does so, and rolls back for errors that it knows.
func (s *Store) ExecKnown(ctx context.Context, work func(*Queries) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	switch err = work(&Queries{tx: tx}); err {
	case nil:
		return tx.Commit()
	case ErrClosed, ErrEmpty:
		_ = tx.Rollback()
		return err
	}
	return err // want `return leaves transaction tx open`
}

// Next commits one transaction and begins another.
func (s *Store) Next(ctx context.Context, tx *sql.Tx) (*sql.Tx, error) {
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	return s.Begin(ctx)
}

// closer closes a transaction.
type closer struct{ tx *sql.Tx }

// Close rolls back.
func (c closer) Close() error { return c.tx.Rollback() }

// BeginClose returns a transaction, and what closes it.
func (s *Store) BeginClose(ctx context.Context) (*sql.Tx, io.Closer, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return tx, closer{tx}, nil
}
