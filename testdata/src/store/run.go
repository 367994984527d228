package store

import (
	"context"
	"database/sql"
	"testing"
)

// WithTx runs work in a transaction and ends it whatever work returns.
func (s *Store) WithTx(ctx context.Context, work func(ctx context.Context, tx *sql.Tx) error) (err error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	defer FinishErr(tx, &err)
	return work(ctx, tx)
}

// Attempt runs work in a transaction, which it forgets when work fails.
func (s *Store) Attempt(ctx context.Context, work func(tx *sql.Tx) error) error {
	tx, err := s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Locked runs work, which is called with a lock held and no transaction.
func (s *Store) Locked(work func() error) error {
	return work()
}

// Value runs a query in a transaction of its own.
func Value[T any](ctx context.Context, s *Store, query string) (value T, err error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return value, err
	}
	defer Rollback(tx)
	if err := tx.QueryRowContext(ctx, query).Scan(&value); err != nil {
		return value, err
	}
	return value, tx.Commit()
}

// InTx runs work in a transaction and returns what work returns.
func InTx[T any](ctx context.Context, s *Store, work func(*sql.Tx) (T, error)) (value T, err error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return value, err
	}
	value, err = work(tx)
	return value, Finish(tx, err)
}

// BeginT begins a transaction that is rolled back when the test ends.
func (s *Store) BeginT(t testing.TB) *sql.Tx {
	t.Helper()
	tx, err := s.db.Begin()
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	t.Cleanup(func() { Rollback(tx) })
	return tx
}

// OpenT begins a transaction that the test has to end.
func (s *Store) OpenT(t testing.TB) *sql.Tx {
	t.Helper()
	tx, err := s.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

// AddT adds an item and ends the test when it cannot.
func AddT(t testing.TB, tx *sql.Tx, name string) {
	t.Helper()
	if err := Add(context.Background(), tx, name); err != nil {
		t.Fatalf("add %s: %v", name, err)
	}
}
