// Package gorp holds cases of github.com/go-gorp/gorp/v3.
package gorp

import (
	"context"
	"errors"

	"github.com/go-gorp/gorp/v3"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *gorp.DbMap
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	return Cases{p, &gorp.DbMap{Db: p.DB, Dialect: gorp.SqliteDialect{}}}
}

var errCount = errors.New("nothing left")

// Exec forgets the rollback.
func (c Cases) Exec() error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	if _, err := trans.Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction trans open`
	}
	return trans.Commit()
}

// ExecEnds rolls back.
func (c Cases) ExecEnds() error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	if _, err := trans.Exec("DELETE FROM orders"); err != nil {
		return errors.Join(err, trans.Rollback())
	}
	return trans.Commit()
}

// Deferred rolls back in any case.
func (c Cases) Deferred() error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	defer trans.Rollback()
	if c.p.Choose() {
		return errCount
	}
	return trans.Commit()
}

// Saved goes back to a savepoint, which ends nothing.
func (c Cases) Saved() error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	if err := trans.Savepoint("before"); err != nil {
		_ = trans.Rollback()
		return err
	}
	if _, err := trans.Exec("DELETE FROM orders"); err != nil {
		return trans.RollbackToSavepoint("before") // want `return leaves transaction trans open`
	}
	return trans.Commit()
}

// Copied uses a copy with a context, which cannot end it.
func (c Cases) Copied(ctx context.Context) error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	if _, err := trans.WithContext(ctx).Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction trans open`
	}
	return trans.Commit()
}

// CopiedEnds ends the transaction itself.
func (c Cases) CopiedEnds(ctx context.Context) error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = trans.Rollback() }()
	if _, err := trans.WithContext(ctx).Exec("DELETE FROM orders"); err != nil {
		return err
	}
	return trans.Commit()
}

// Lent passes it as an interface that cannot end it.
func (c Cases) Lent() error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	if err := empty(trans); err != nil {
		return err // want `return leaves transaction trans open`
	}
	return trans.Commit()
}

// LentBack ends what it has lent.
func (c Cases) LentBack() (err error) {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = trans.Rollback()
		}
	}()
	if err = empty(trans); err != nil {
		return err
	}
	return trans.Commit()
}

func empty(db gorp.SqlExecutor) error {
	_, err := db.Exec("DELETE FROM orders")
	return err
}

// Asserted works through what may be the transaction, and asks for it at the end.
func (c Cases) Asserted(ctx context.Context) error {
	db := c.db.WithContext(ctx)
	if c.p.Choose() {
		trans, err := c.db.Begin()
		if err != nil {
			return err
		}
		db = trans.WithContext(ctx)
	}
	for range 2 {
		if err := empty(db); err != nil {
			if trans, ok := db.(*gorp.Transaction); ok {
				_ = trans.Rollback()
			}
			return err
		}
	}
	if trans, ok := db.(*gorp.Transaction); ok {
		return trans.Commit()
	}
	return nil
}

// AssertedLate asks for it too late.
func (c Cases) AssertedLate(ctx context.Context) error {
	trans, err := c.db.Begin()
	if err != nil {
		return err
	}
	db := trans.WithContext(ctx)
	if err := empty(db); err != nil {
		return err // want `return leaves transaction trans open`
	}
	return db.(*gorp.Transaction).Commit()
}
