// Package gdb holds cases of GoFrame's gdb. A transaction counts what is begun on
// it: each Begin wants a Commit or Rollback of its own, and the first one that comes
// ends what was begun last.
package gdb

import (
	"context"
	"errors"

	"github.com/gogf/gf/v2/database/gdb"
	"github.com/gogf/gf/v2/errors/gerror"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db gdb.DB
}

var errStock = errors.New("out of stock")

// sell changes the stock of an item.
func sell(tx gdb.TX, id int) error {
	_, err := tx.Exec("UPDATE stock SET n = n - 1 WHERE id = ?", id)
	return err
}

// Sell forgets the rollback when the update fails (T3).
func (c Cases) Sell(ctx context.Context, id int) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return gerror.Wrap(err, "begin")
	}
	if err := sell(tx, id); err != nil {
		return gerror.Wrap(err, "sell") // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// SellDeferred rolls back by the named result (T6).
func (c Cases) SellDeferred(ctx context.Context, id int) (err error) {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
			return
		}
		err = tx.Commit()
	}()
	if id == 0 {
		return errStock
	}
	return sell(tx, id)
}

// SellManaged leaves the end to GoFrame (T7).
func (c Cases) SellManaged(ctx context.Context, id int) error {
	return c.db.Transaction(ctx, func(ctx context.Context, tx gdb.TX) error {
		if c.p.Choose() {
			return errStock
		}
		return sell(tx, id)
	})
}

// Options begins with a level, and stops in the wrong place.
func (c Cases) Options(ctx context.Context, stop bool) error {
	tx, err := c.db.BeginWithOptions(ctx, gdb.DefaultTxOptions())
	if err != nil {
		return err
	}
	if stop {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Rollback()
}

// Nested ends both, the inner one first.
func (c Cases) Nested(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Begin(); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := sell(tx, 1); err != nil {
		_ = tx.Rollback() // to the savepoint
	} else if err := tx.Commit(); err != nil { // releases it
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// NestedOnce has one rollback for two.
func (c Cases) NestedOnce(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Begin(); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := sell(tx, 1); err != nil {
		_ = tx.Rollback()
		return err // want `return leaves transaction tx open`
	}
	_ = tx.Commit()
	return tx.Commit()
}

// NestedDeferred takes the deferred Rollback to end all.
func (c Cases) NestedDeferred(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.Begin(); err != nil {
		return err
	}
	if err := sell(tx, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	_ = tx.Commit()
	return tx.Commit()
}

// NestedTwice defers one for each.
func (c Cases) NestedTwice(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.Begin(); err != nil {
		return err
	}
	if err := sell(tx, 1); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return tx.Commit()
}

// NestedFailed takes the release of a savepoint for the end.
func (c Cases) NestedFailed(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Begin(); err != nil {
		_ = tx.Rollback()
		return err
	}
	_ = sell(tx, 1)
	return tx.Commit() // want `return leaves transaction tx open`
}

// NestedEach counts one per item, and ends it.
func (c Cases) NestedEach(ctx context.Context, ids []int) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := part(tx, id); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

// part does its work in a savepoint of the caller's transaction.
func part(tx gdb.TX, id int) error {
	if err := tx.Begin(); err != nil {
		return err
	}
	if err := sell(tx, id); err != nil {
		if err := tx.Rollback(); err != nil {
			return err
		}
		return nil
	}
	return tx.Commit()
}

// NestedManaged has GoFrame count (T7).
func (c Cases) NestedManaged(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	err = tx.Transaction(ctx, func(_ context.Context, tx gdb.TX) error { return sell(tx, 1) })
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// SavePoint names a savepoint, which ends nothing.
func (c Cases) SavePoint(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.SavePoint("before"); err != nil {
		_ = tx.Rollback()
		return err
	}
	sold := sell(tx, 1)
	if err := tx.RollbackTo("before"); err != nil || sold != nil {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Cancelled has its transaction rolled back with the context (T9).
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := sell(tx, 1); err != nil {
		return err
	}
	return tx.Commit()
}
