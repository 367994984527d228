// Package archive keeps orders in a database.
package archive

import (
	"context"
	"database/sql"
)

// An Archive is what an office takes for its repository.
type Archive struct{}

func (Archive) exec(tx *sql.Tx, what string, id int) error {
	_, err := tx.Exec("INSERT INTO archive VALUES (?, ?)", what, id)
	return err
}

// CancelOrder notes it.
func (a Archive) CancelOrder(_ context.Context, tx *sql.Tx, id int) error {
	return a.exec(tx, "cancelled", id)
}

// MarkFinished notes it.
func (a Archive) MarkFinished(_ context.Context, tx *sql.Tx, id int) error {
	return a.exec(tx, "finished", id)
}

// NewInvoice makes one.
func (a Archive) NewInvoice(_ context.Context, tx *sql.Tx, id int) error {
	return a.exec(tx, "invoice", id)
}

// FinishTx ends a transaction.
func (Archive) FinishTx(_ context.Context, tx *sql.Tx, err error) error {
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}
