package store

import (
	"context"
	"database/sql"
	"errors"
)

// Rollback rolls back, and notes what went wrong.
func Rollback(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		note("rollback", err)
	}
}

// RollbackMsg is Rollback for those who have something to say.
func RollbackMsg(_ context.Context, msg string, tx *sql.Tx) {
	Rollback(tx)
	note(msg, nil)
}

// Abort rolls back and returns the reason.
func Abort(tx *sql.Tx, reason error, msg string) error {
	note(msg, reason)
	Rollback(tx)
	return reason
}

// Finish commits when there was no error, and rolls back otherwise.
func Finish(tx *sql.Tx, err error) error {
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// RollbackOnError rolls back when there was an error.
func RollbackOnError(tx *sql.Tx, err error) {
	if err != nil {
		Rollback(tx)
	}
}

// CommitUnlessError commits when there was no error.
func CommitUnlessError(tx *sql.Tx, err error) error {
	if err == nil {
		return tx.Commit()
	}
	return err
}

// RollbackWhen rolls back when something is bad.
func RollbackWhen(tx *sql.Tx, bad bool) {
	if bad {
		Rollback(tx)
	}
}

// RollbackUnless rolls back when something is not good.
func RollbackUnless(good bool, tx *sql.Tx) {
	if good {
		return
	}
	Rollback(tx)
}

// FinishErr is for defer: it looks at the error when the function returns.
func FinishErr(tx *sql.Tx, err *error) {
	*err = Finish(tx, *err)
}

// RollbackErr is for defer in functions that commit themselves.
func RollbackErr(tx *sql.Tx, err *error) {
	if err != nil && *err != nil {
		Rollback(tx)
	}
}

// Update runs a statement, and rolls back when that fails.
func Update(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		Rollback(tx)
		return err
	}
	return nil
}

// CommitChecked commits when the check passes. When it does not, the transaction
// stays open for another try.
func CommitChecked(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
		return err
	}
	return tx.Commit()
}

// Settle commits when the check passes, and says whether it did. Otherwise the
// transaction stays open.
func Settle(ctx context.Context, tx *sql.Tx) (settled bool) {
	if _, err := tx.ExecContext(ctx, "SET CONSTRAINTS ALL IMMEDIATE"); err != nil {
		return false
	}
	_ = tx.Commit()
	return true
}

// Check reports whether the transaction can go on. When it cannot, Check has
// rolled it back.
func Check(ctx context.Context, tx *sql.Tx) (fit bool) {
	if _, err := tx.ExecContext(ctx, "SELECT 1"); err != nil {
		Rollback(tx)
		return false
	}
	return true
}

// EnsureEnd returns a function that rolls back. It does nothing itself.
func EnsureEnd(tx *sql.Tx) func() {
	return func() { Rollback(tx) }
}

// RollbackLog writes down that something was rolled back. It does nothing of the
// kind itself.
func RollbackLog(ctx context.Context, tx *sql.Tx) {
	_, _ = tx.ExecContext(ctx, "INSERT INTO log (what) VALUES ('rollback')")
}

// Add puts an item into the store.
func Add(ctx context.Context, tx *sql.Tx, name string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO items (name) VALUES (?)", name)
	return err
}

// Exec is Finish after one statement.
func Exec(ctx context.Context, tx *sql.Tx, query string) error {
	_, err := tx.ExecContext(ctx, query)
	return Finish(tx, err)
}

// Quietly calls what it is given.
func Quietly(what string, f func() error) {
	if err := f(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		note(what, err)
	}
}

// Touch has nothing to fail with.
func Touch(ctx context.Context, tx *sql.Tx) error {
	_, _ = tx.ExecContext(ctx, "UPDATE items SET n = 1")
	return nil
}
