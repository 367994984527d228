// Package dbr holds cases of github.com/gocraft/dbr/v2.
package dbr

import (
	"context"
	"errors"

	"github.com/gocraft/dbr/v2"
	"github.com/gocraft/dbr/v2/dialect"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	conn *dbr.Connection
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	return Cases{p, &dbr.Connection{DB: p.DB, Dialect: dialect.MySQL, EventReceiver: &dbr.NullEventReceiver{}}}
}

var errCount = errors.New("nothing left")

// Update forgets the rollback.
func (c Cases) Update() error {
	tx, err := c.conn.NewSession(nil).Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Update("orders").Set("count", 0).Exec(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UpdateDeferred is the form of the documentation.
func (c Cases) UpdateDeferred() error {
	tx, err := c.conn.NewSession(nil).Begin()
	if err != nil {
		return err
	}
	defer tx.RollbackUnlessCommitted()
	if _, err := tx.Update("orders").Set("count", 0).Exec(); err != nil {
		return err
	}
	return tx.Commit()
}

// DeferredTooLate defers it after the first way out.
func (c Cases) DeferredTooLate(ctx context.Context) error {
	tx, err := c.conn.NewSession(nil).BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	defer tx.RollbackUnlessCommitted()
	if _, err := tx.DeleteFrom("orders").ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// Cancelled begins with a context that it cancels on its way out.
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.conn.NewSession(nil).BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount
	}
	return tx.Commit()
}

// Promoted begins with the method of *sql.DB.
func (c Cases) Promoted() error {
	tx, err := c.conn.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Inner ends it through the embedded transaction.
func (c Cases) Inner() error {
	tx, err := c.conn.NewSession(nil).Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return tx.Tx.Rollback()
	}
	return tx.Tx.Commit()
}

// Lent passes it as an interface that cannot end it.
func (c Cases) Lent() error {
	tx, err := c.conn.NewSession(nil).Begin()
	if err != nil {
		return err
	}
	if err := empty(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LentBack ends what it has lent.
func (c Cases) LentBack() error {
	tx, err := c.conn.NewSession(nil).Begin()
	if err != nil {
		return err
	}
	if err := empty(tx); err != nil {
		tx.RollbackUnlessCommitted()
		return err
	}
	return tx.Commit()
}

func empty(db dbr.SessionRunner) error {
	_, err := db.DeleteFrom("orders").Exec()
	return err
}
