package cloak

import (
	"context"
	"database/sql"
)

// A Work begins and ends transactions for users who have an interface of it, and pass on what it
// yields as anything.
type Work struct{ DB *sql.DB }

// Begin begins.
func (w *Work) Begin() (any, error) {
	tx, err := w.DB.Begin()
	if err != nil {
		return nil, err
	}
	return tx, nil
}

// Commit commits.
func (w *Work) Commit(tx any) error { return tx.(*sql.Tx).Commit() }

// Rollback rolls back.
func (w *Work) Rollback(tx any) error { return tx.(*sql.Tx).Rollback() }

// A Journal is a work as well, beside Ledger.
type Journal struct{ DB *sql.DB }

// Enter begins.
func (j *Journal) Enter(ctx context.Context) (any, error) {
	tx, err := j.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return tx, nil
}

// Commit commits.
func (j *Journal) Commit(tx any) error { return tx.(*sql.Tx).Commit() }

// Rollback rolls back.
func (j *Journal) Rollback(tx any) error { return tx.(*sql.Tx).Rollback() }

// A Ledger needs no transactions.
type Ledger struct{ rows []string }

// Enter begins nothing.
func (l *Ledger) Enter(context.Context) (any, error) { return len(l.rows), nil }

// Commit does nothing.
func (l *Ledger) Commit(tx any) error { return nil }

// Rollback forgets rows.
func (l *Ledger) Rollback(tx any) error {
	l.rows = l.rows[:tx.(int)]
	return nil
}
