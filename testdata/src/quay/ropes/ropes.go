// Package ropes makes functions that end transactions, and calls some.
package ropes

import "database/sql"

// Of yields what ends a transaction, beside it.
func Of(tx *sql.Tx, err error) (_ *sql.Tx, commit func() error, undo func(), _ error) {
	if err != nil {
		return nil, nil, nil, err
	}
	return tx, tx.Commit, Undo(tx), nil
}

// Undo yields one function.
func Undo(tx *sql.Tx) func() { return func() { _ = tx.Rollback() } }

// Done calls one.
func Done(done func(*error), err error) error {
	done(&err)
	return err
}
