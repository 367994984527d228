// Package store begins and finishes transactions for the packages around it. It
// has no cases of its own.
package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A Store is a database.
type Store struct{ db *sql.DB }

// On returns the store in db.
func On(db *sql.DB) *Store { return &Store{db: db} }

// ErrEmpty says that a transaction was begun on an empty store.
var ErrEmpty = errors.New("the store is empty")

// ErrClosed says that the store takes no more work.
var ErrClosed = errors.New("the store is closed")

// Begin begins a transaction.
func (s *Store) Begin(ctx context.Context) (*sql.Tx, error) {
	return s.db.BeginTx(ctx, nil)
}

// BeginWithin begins one that is rolled back after a while, and with its caller's
// context.
func (s *Store) BeginWithin(ctx context.Context, d time.Duration) (*sql.Tx, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		cancel()
	}
	return tx, err
}

// BeginAs begins one and says for whom. It rolls back when that fails.
func (s *Store) BeginAs(ctx context.Context, user string) (*sql.Tx, error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "SET app.user = ?", user); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}

// BeginLocked begins one and takes a lock. It forgets the transaction when there
// is no lock to be had.
func (s *Store) BeginLocked(ctx context.Context) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "LOCK TABLE items"); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return tx, nil
}

// BeginSeen returns the transaction even when the store is empty, so that the
// caller can fill it: then the error is ErrEmpty.
func (s *Store) BeginSeen(ctx context.Context) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM items").Scan(&n); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	if n == 0 {
		return tx, ErrEmpty
	}
	return tx, nil
}

// BeginIf begins a transaction when one is wanted, and returns nil otherwise.
func (s *Store) BeginIf(ctx context.Context, wanted bool) (*sql.Tx, error) {
	if !wanted {
		return nil, nil
	}
	return s.db.BeginTx(ctx, nil)
}

// TryBegin reports whether it could begin a transaction.
func (s *Store) TryBegin(ctx context.Context) (tx *sql.Tx, ok bool) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, false
	}
	return tx, true
}

// MustBegin panics when it cannot begin.
func (s *Store) MustBegin() *sql.Tx {
	tx, err := s.db.Begin()
	if err != nil {
		panic(err)
	}
	return tx
}

// Start begins a transaction. The function commits it, or rolls it back when the
// error that it is shown is not nil.
func (s *Store) Start(ctx context.Context) (*sql.Tx, func(*error), error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	done := func(reason *error) {
		if *reason != nil {
			_ = tx.Rollback()
			return
		}
		*reason = tx.Commit()
	}
	return tx, done, nil
}

// StartBoth returns one function that commits, and one that rolls back unless
// that was done.
func (s *Store) StartBoth(ctx context.Context) (tx *sql.Tx, commit func() error, rollback func(), err error) {
	tx, err = s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	rollback = func() {
		if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
			note("rollback", err)
		}
	}
	return tx, tx.Commit, rollback, nil
}

// Guard locks the store inside a transaction that nobody sees. The function ends
// it.
func (s *Store) Guard(ctx context.Context) (unlock func(), err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "LOCK TABLE items"); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return func() { _ = tx.Rollback() }, nil
}

// lastErr is what went wrong last where nobody could be told.
var lastErr = map[string]error{}

func note(what string, err error) { lastErr[what] = err }

// BeginKnown returns the transaction together with an error that it finds to be
// ErrEmpty; after any other it rolls back.
func (s *Store) BeginKnown(ctx context.Context, look func() error) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	err = look()
	if err == ErrEmpty {
		return tx, err
	}
	if err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}
