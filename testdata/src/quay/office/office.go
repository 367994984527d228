// Package office knows its repository by an interface alone.
package office

import (
	"context"
	"database/sql"
)

// A Repo keeps orders, in the transaction that it is given.
type Repo interface {
	CancelOrder(ctx context.Context, tx *sql.Tx, id int) error
	MarkFinished(ctx context.Context, tx *sql.Tx, id int) error
	NewInvoice(ctx context.Context, tx *sql.Tx, id int) error
	FinishTx(ctx context.Context, tx *sql.Tx, err error) error
}

// An Office works on orders.
type Office struct {
	DB   *sql.DB
	Repo Repo
}

// Cancel cancels one.
func (o *Office) Cancel(ctx context.Context, id int) error {
	tx, err := o.DB.Begin()
	if err != nil {
		return err
	}
	if err := o.Repo.CancelOrder(ctx, tx, id); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := o.Repo.MarkFinished(ctx, tx, id); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Invoice makes an invoice.
func (o *Office) Invoice(ctx context.Context, id int) error {
	tx, err := o.DB.Begin()
	if err != nil {
		return err
	}
	if err := o.Repo.NewInvoice(ctx, tx, id); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := o.Repo.MarkFinished(ctx, tx, id); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Finish lets the repository end the transaction.
func (o *Office) Finish(ctx context.Context, id int) error {
	tx, err := o.DB.Begin()
	if err != nil {
		return err
	}
	err = o.Repo.MarkFinished(ctx, tx, id)
	return o.Repo.FinishTx(ctx, tx, err)
}
