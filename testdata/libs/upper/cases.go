// Package upper holds cases of github.com/upper/db/v4: its transactions are
// callbacks, and its adapters wrap those of database/sql.
package upper

import (
	"context"
	"errors"

	"github.com/upper/db/v4"
	"github.com/upper/db/v4/adapter/mysql"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

var errCount = errors.New("nothing left")

// Wrapped leaves the transaction open that it gave to the adapter.
func (c Cases) Wrapped() error {
	raw, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	tx, err := mysql.NewTx(raw)
	if err != nil {
		_ = raw.Rollback()
		return err // not reached
	}
	if _, err := tx.SQL().Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction raw open`
	}
	return tx.Commit()
}

// WrappedEnds ends it through the adapter.
func (c Cases) WrappedEnds() error {
	raw, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	tx, err := mysql.NewTx(raw)
	if err != nil {
		_ = raw.Rollback()
		return err // not reached
	}
	if _, err := tx.SQL().Exec("DELETE FROM orders"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// WrapTooLate forgets the transaction before it gives it to the adapter.
func (c Cases) WrapTooLate() error {
	raw, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction raw open`
	}
	tx, err := mysql.NewTx(raw)
	if err != nil {
		_ = raw.Rollback()
		return err // not reached
	}
	return tx.Commit()
}

// WrapDeferred rolls the inner one back in any case.
func (c Cases) WrapDeferred() error {
	raw, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer raw.Rollback()
	tx, err := mysql.NewTx(raw)
	if err != nil {
		return err // not reached
	}
	if c.p.Choose() {
		return errCount
	}
	return tx.Commit()
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	sess, err := mysql.New(c.p.DB)
	if err != nil {
		return err
	}
	return sess.Tx(func(tx db.Session) error {
		_, err := tx.SQL().Exec("DELETE FROM orders")
		return err
	})
}

// ManagedContext does so with a context and options.
func (c Cases) ManagedContext(ctx context.Context) error {
	sess, err := mysql.New(c.p.DB)
	if err != nil {
		return err
	}
	return sess.TxContext(ctx, func(tx db.Session) error {
		if c.p.Choose() {
			return errCount
		}
		return nil
	}, nil)
}

// ManagedBeside begins another one in the callback.
func (c Cases) ManagedBeside() error {
	sess, err := mysql.New(c.p.DB)
	if err != nil {
		return err
	}
	return sess.Tx(func(tx db.Session) error {
		audit, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if c.p.Choose() {
			return errCount // want `return leaves transaction audit open`
		}
		return audit.Commit()
	})
}

// ManagedBesideEnds ends it.
func (c Cases) ManagedBesideEnds() error {
	sess, err := mysql.New(c.p.DB)
	if err != nil {
		return err
	}
	return sess.Tx(func(tx db.Session) error {
		audit, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if c.p.Choose() {
			return errors.Join(errCount, audit.Rollback())
		}
		return audit.Commit()
	})
}
