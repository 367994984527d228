// Package jet holds cases of github.com/go-jet/jet/v2, which takes transactions of
// database/sql or of its own cache of statements.
package jet

import (
	"context"
	"errors"

	"github.com/go-jet/jet/v2/mysql"
	"github.com/go-jet/jet/v2/qrm"
	"github.com/go-jet/jet/v2/stmtcache"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *stmtcache.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p, stmtcache.New(p.DB)} }

var errCount = errors.New("nothing left")

// Cached forgets the rollback.
func (c Cases) Cached() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CachedDeferred rolls back in any case.
func (c Cases) CachedDeferred(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := empty(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Lent runs a statement on it, and leaves when that fails.
func (c Cases) Lent(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LentBack ends what it has lent.
func (c Cases) LentBack(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func empty(ctx context.Context, db qrm.Executable) error {
	_, err := mysql.RawStatement("DELETE FROM orders").ExecContext(ctx, db)
	return err
}

// Plain uses a transaction of database/sql.
func (c Cases) Plain(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// PlainEnds rolls back.
func (c Cases) PlainEnds(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		_ = tx.Rollback()
		return err
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

// Inner ends it through the embedded transaction, but not when it stops early.
func (c Cases) Inner() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Tx.Commit()
}
