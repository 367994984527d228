package books

import (
	"context"
	"database/sql"
	"errors"

	"txcases/ledger"
)

// EntersTyped knows by the type of the error.
func (c Cases) EntersTyped() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := ledger.Enter(tx); err != nil {
		var full *ledger.FullError
		if errors.As(err, &full) {
			return err /* limit L25 invents */ // want `return leaves transaction tx open`
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// KeepsUndone tells what rolls back not to.
func (c Cases) KeepsUndone() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	undo, keep := ledger.Undoer(tx)
	defer undo()
	keep()
	if c.p.Choose() {
		return errShort // limit L25 misses `return leaves transaction tx open`
	}
	return tx.Commit()
}

var ends = map[bool]func(*sql.Tx) error{true: (*sql.Tx).Commit, false: (*sql.Tx).Rollback}

// FromTable ends it by a function out of a table.
func (c Cases) FromTable(ok bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return ends[ok](tx)
}

// WithinContext begins with a context that is cancelled around it.
func (c Cases) WithinContext(ctx context.Context) error {
	return ledger.Within(ctx, func(ctx context.Context) error {
		tx, err := c.p.DB.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("A"); err != nil {
			return err /* limit L26 invents */ // want `return leaves transaction tx open`
		}
		return tx.Commit()
	})
}

// Bound gets what a generic function has made of the transaction.
func (c Cases) Bound() error {
	h, err := ledger.Bound(c.p.DB, func(tx *sql.Tx) *bound { return &bound{tx} })
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShort // limit L8 misses `return leaves transaction h open`
	}
	return h.tx.Commit()
}

type bound struct{ tx *sql.Tx }
