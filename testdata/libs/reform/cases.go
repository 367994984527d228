// Package reform holds cases of gopkg.in/reform.v1.
package reform

import (
	"context"
	"errors"

	"gopkg.in/reform.v1"
	"gopkg.in/reform.v1/dialects/sqlite3"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *reform.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p, reform.NewDB(p.DB, sqlite3.Dialect, nil)} }

var errCount = errors.New("nothing left")

// Exec forgets the rollback.
func (c Cases) Exec() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ExecDeferred rolls back unless it has committed.
func (c Cases) ExecDeferred() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	var committed bool
	defer func() {
		if !committed {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		return err
	}
	committed = true
	return tx.Commit()
}

// WithOptions leaves on a count.
func (c Cases) WithOptions(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Cancelled begins with a context that it cancels on its way out.
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount
	}
	return tx.Commit()
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	return c.db.InTransaction(func(tx *reform.TX) error {
		_, err := tx.Exec("DELETE FROM orders")
		return err
	})
}

// Lent passes the querier, which cannot end it.
func (c Cases) Lent() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if err := empty(tx.Querier); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LentBack ends what it has lent.
func (c Cases) LentBack() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if err := empty(tx.WithTag("lent")); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func empty(q *reform.Querier) error {
	_, err := q.Exec("DELETE FROM orders")
	return err
}

// Named makes a reform transaction of one that database/sql began.
func (c Cases) Named() error {
	raw, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	tx := reform.NewTX(raw, sqlite3.Dialect, nil)
	if c.p.Choose() {
		return errCount // want `return leaves transaction raw open`
	}
	return tx.Commit()
}
