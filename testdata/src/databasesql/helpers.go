package databasesql

import (
	"context"
	"database/sql"
	"errors"
	"log"
)

// rollback ends the transaction and says what went wrong.
func rollback(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		log.SetPrefix("rollback failed ")
	}
}

// rollbackOnError ends it and returns the error that was the reason.
func rollbackOnError(tx *sql.Tx, err error) error {
	return errors.Join(err, tx.Rollback())
}

// quietly calls what it is given.
func quietly(f func() error) {
	if err := f(); err != nil {
		log.SetPrefix("ignored ")
	}
}

// DeferHelper defers a function of the package.
func (c Cases) DeferHelper() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer rollback(tx)
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// ReturnHelper returns what its finisher returns.
func (c Cases) ReturnHelper() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return rollbackOnError(tx, err)
	}
	return tx.Commit()
}

// ReturnHelperForgotten once forgets to.
func (c Cases) ReturnHelperForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return rollbackOnError(tx, err)
	}
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// BoundPassedOn passes its Rollback to a function.
func (c Cases) BoundPassedOn() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer quietly(tx.Rollback)
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// Checked ends it inside a call of something else.
func (c Cases) Checked() {
	tx, err := c.p.DB.Begin()
	must(err)
	_, _ = tx.Exec("DELETE FROM carts")
	quietly(func() error { return tx.Commit() })
}

// Twice ends it twice, which does no harm.
func (c Cases) Twice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer rollback(tx)
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return nil
}

// RollbackGoesOn rolls back and does not return.
func (c Cases) RollbackGoesOn() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		_ = tx.Rollback()
	}
	if c.p.Choose() {
		return errLocked // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Discarded throws the transaction away.
func (c Cases) Discarded() error {
	_, err := c.p.DB.Begin() // want `discarding leaves the transaction of .*Begin open`
	return err
}

// DiscardedAll throws away the error as well.
func (c Cases) DiscardedAll(ctx context.Context) {
	c.p.DB.BeginTx(ctx, nil) // want `discarding leaves the transaction of .*BeginTx open`
}

// DiscardedBlank names neither.
func (c Cases) DiscardedBlank() bool {
	_, _ = c.p.DB.Begin() // want `discarding leaves the transaction of .*Begin open`
	return true
}

// DiscardedOften throws one away in each round.
func (c Cases) DiscardedOften() error {
	for range 2 {
		if _, err := c.p.DB.Begin(); err != nil { // want `discarding leaves the transaction of .*Begin open`
			return err
		}
	}
	return nil
}

// DiscardedError throws away only the error.
func (c Cases) DiscardedError() {
	tx, _ := c.p.DB.Begin()
	if tx != nil {
		_ = tx.Commit()
	}
}

// ProbeOnly opens one to see whether it can.
func (c Cases) ProbeOnly() bool {
	tx, err := c.p.DB.Begin()
	if err == nil {
		_ = tx.Rollback()
	}
	return err == nil
}

// oneOf begins one transaction or another, and keeps a third.
func (c Cases) oneOf() (*sql.Tx, error) {
	first, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	if _, err := first.Exec("DELETE FROM items"); err != nil {
		go func() { _ = first.Rollback() }()
		return nil, err
	}
	if c.p.Choose() {
		return first, nil
	}
	_ = first.Rollback()
	return c.p.DB.Begin()
}

// OneOf forgets what it is given, whichever it is: that is said once.
func (c Cases) OneOf() error {
	tx, err := c.oneOf()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return sql.ErrNoRows // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
