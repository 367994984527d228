package databasesql

import (
	"context"
	"database/sql"
)

// Here a transaction goes out of the block in which it is begun by another variable: where
// that block ends it is about to be used.

type runner interface {
	Exec(query string, args ...any) (sql.Result, error)
}

// CopyRuns goes on with what runs the step, in a transaction or without one.
func (c Cases) CopyRuns() error {
	for range c.p.Pick(2) {
		var run runner
		if c.p.Choose() {
			run = c.p.DB
		} else {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			run = tx
		}
		if _, err := run.Exec("UPDATE items SET seen = 1"); err != nil {
			return err // want `return leaves transaction tx open`
		}
		if tx, ok := run.(*sql.Tx); ok {
			if err := tx.Commit(); err != nil {
				return err
			}
		}
	}
	return nil
}

// CopyRunsBack rolls back there.
func (c Cases) CopyRunsBack() error {
	for range c.p.Pick(2) {
		var run runner
		if c.p.Choose() {
			run = c.p.DB
		} else {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			run = tx
		}
		tx, owned := run.(*sql.Tx)
		if _, err := run.Exec("UPDATE items SET seen = 1"); err != nil {
			if owned {
				_ = tx.Rollback()
			}
			return err
		}
		if owned {
			if err := tx.Commit(); err != nil {
				return err
			}
		}
	}
	return nil
}

// CopyOfHead begins in the head of an if.
func (c Cases) CopyOfHead() error {
	for range c.p.Pick(2) {
		var tx *sql.Tx
		if t, err := c.p.DB.Begin(); err != nil {
			return err
		} else {
			tx = t
		}
		if err := touch(tx); err != nil {
			return err // want `return leaves transaction t open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

type lot struct {
	tx    *sql.Tx
	items int
}

func (b *lot) use(tx *sql.Tx) { b.tx = tx }

// CopyInField has it in a field from there on.
func (c Cases) CopyInField() error {
	for range c.p.Pick(2) {
		var b lot
		if c.p.Choose() {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			b.tx, b.items = tx, 1
		}
		if c.p.Choose() {
			return errStock // want `return leaves transaction tx open`
		}
		if b.items > 0 {
			if err := b.tx.Commit(); err != nil {
				return err
			}
		}
	}
	return nil
}

// CopyBySetter gives it to an object of its own.
func (c Cases) CopyBySetter() error {
	for range c.p.Pick(2) {
		b := new(lot)
		if c.p.Choose() {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			b.use(tx)
		}
		if c.p.Choose() {
			return errStock // want `return leaves transaction tx open`
		}
		if b.tx != nil {
			if err := b.tx.Commit(); err != nil {
				return err
			}
		}
	}
	return nil
}

type lotKey struct{}

// CopyInContext has it in a context.
func (c Cases) CopyInContext(ctx context.Context) error {
	for range c.p.Pick(2) {
		ctx := ctx
		if c.p.Choose() {
			tx, err := c.p.DB.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			ctx = context.WithValue(ctx, lotKey{}, tx)
		}
		if c.p.Choose() {
			return errStock // want `return leaves transaction tx open`
		}
		if tx, ok := ctx.Value(lotKey{}).(*sql.Tx); ok {
			if err := tx.Commit(); err != nil {
				return err
			}
		}
	}
	return nil
}

// CopyStays has a copy in the block as well, and leaves it to the block to end the
// transaction.
func (c Cases) CopyStays() error {
	for range c.p.Pick(3) {
		if c.p.Choose() {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			b := lot{tx: tx}
			if err := touch(b.tx); err == nil {
				if err := tx.Commit(); err != nil {
					return err
				}
			}
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}
