// Package txkit is a library that programs of other modules begin and finish
// their transactions with.
package txkit

import (
	"context"
	"database/sql"
	"errors"
)

// Beginner is what a transaction can be begun on.
type Beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

// Begin begins a serializable transaction.
func Begin(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	return db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
}

// BeginWith begins a transaction and runs a first statement in it. When that
// fails, nothing stays open.
func BeginWith(ctx context.Context, db Beginner, first string) (*sql.Tx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, first); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

// Start begins a transaction. The function that comes with it commits, or rolls
// back when the error that it is shown is not nil.
func Start(ctx context.Context, db *sql.DB) (*sql.Tx, func(*error), error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return tx, func(reason *error) { End(tx, reason) }, nil
}

// Rollback rolls back unless the transaction is finished already.
func Rollback(tx *sql.Tx) {
	if tx != nil {
		_ = tx.Rollback()
	}
}

// RollbackOn rolls back when there is a reason to.
func RollbackOn(tx *sql.Tx, reason error) {
	if reason != nil {
		_ = tx.Rollback()
	}
}

// RollbackUnless rolls back when something has not gone well.
func RollbackUnless(tx *sql.Tx, well bool) {
	if !well {
		_ = tx.Rollback()
	}
}

// End commits, or rolls back when there is a reason to.
func End(tx *sql.Tx, reason *error) {
	if *reason != nil {
		_ = tx.Rollback()
		return
	}
	*reason = tx.Commit()
}

// EndFailed rolls back when there is a reason to, and leaves the commit to others.
func EndFailed(tx *sql.Tx, reason *error) {
	if *reason != nil {
		_ = tx.Rollback()
	}
}

// Apply runs a statement. It rolls back if that fails.
func Apply(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		_ = tx.Rollback()
		return err
	}
	return nil
}

// Note writes a line to the audit table.
func Note(ctx context.Context, tx *sql.Tx, what string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO audit (what) VALUES (?)", what)
	return err
}

// Quietly calls f and forgets its error.
func Quietly(f func() error) { _ = f() }

// WithTx runs work in a transaction, which it commits when work returns nil and
// rolls back otherwise.
func WithTx(ctx context.Context, db Beginner, work func(*sql.Tx) error) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		}
	}()
	if err := work(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
