// Package goqu holds cases of github.com/doug-martin/goqu/v9.
package goqu

import (
	"context"
	"errors"

	"github.com/doug-martin/goqu/v9"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *goqu.Database
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p, goqu.New("default", p.DB)} }

var errCount = errors.New("nothing left")

// Update forgets the rollback.
func (c Cases) Update() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Update("orders").Set(goqu.Record{"count": 0}).Executor().Exec(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UpdateEnds is the form of the documentation.
func (c Cases) UpdateEnds() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Update("orders").Set(goqu.Record{"count": 0}).Executor().Exec(); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			return rerr
		}
		return err
	}
	return tx.Commit()
}

// Wrapped commits or rolls back by the error of its callback.
func (c Cases) Wrapped() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	return tx.Wrap(func() error {
		_, err := tx.Exec("DELETE FROM orders")
		return err
	})
}

// WrappedTooLate leaves before it.
func (c Cases) WrappedTooLate(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Wrap(func() error {
		_, err := tx.Exec("DELETE FROM orders")
		return err
	})
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	return c.db.WithTx(func(tx *goqu.TxDatabase) error {
		_, err := tx.Exec("DELETE FROM orders")
		return err
	})
}

// ManagedBeside begins another one in the callback.
func (c Cases) ManagedBeside() error {
	return c.db.WithTx(func(tx *goqu.TxDatabase) error {
		audit, err := c.db.Begin()
		if err != nil {
			return err
		}
		if _, err := audit.Exec("INSERT INTO audit VALUES (1)"); err != nil {
			return err // want `return leaves transaction audit open`
		}
		return audit.Commit()
	})
}

// Named makes a goqu transaction of one that database/sql began.
func (c Cases) Named() error {
	raw, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	tx := goqu.NewTx("default", raw)
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// NamedForgotten leaves it open under both names.
func (c Cases) NamedForgotten() error {
	raw, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	tx := goqu.NewTx("default", raw)
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction raw open`
	}
	return tx.Commit()
}
