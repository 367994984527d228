package idioms

import (
	"database/sql"
	"errors"
	"fmt"
)

// Logged defers a rollback whose error is told to somebody.
func (c Cases) Logged() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if failed := tx.Rollback(); failed != nil && !errors.Is(failed, sql.ErrTxDone) {
			err = errors.Join(err, failed)
		}
	}()
	if err := add(tx, "one"); err != nil {
		return err
	}
	return tx.Commit()
}

// LoggedAfter does so after the first statement.
func (c Cases) LoggedAfter() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer func() {
		if failed := tx.Rollback(); failed != nil && !errors.Is(failed, sql.ErrTxDone) {
			err = errors.Join(err, failed)
		}
	}()
	if err := add(tx, "two"); err != nil {
		return err
	}
	return tx.Commit()
}

// OnNamed rolls back by the named result.
func (c Cases) OnNamed() (n int, err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx, "one"); err != nil {
		return 0, fmt.Errorf("one: %w", err)
	}
	return 1, tx.Commit()
}

// OnNamedEarly has nothing to do, which is no error.
func (c Cases) OnNamedEarly() (n int, err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	row := tx.QueryRow("SELECT n FROM hits")
	if err := row.Scan(&n); err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, nil // want `return leaves transaction tx open`
	}
	return n, tx.Commit()
}

// OnLocal rolls back by a local variable, and assigns to that.
func (c Cases) OnLocal(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if name == "" {
		err = errInput
		return err
	}
	if err = add(tx, name); err != nil {
		return err
	}
	err = tx.Commit()
	return err
}

// OnLocalReturned returns an error that the variable does not hold.
func (c Cases) OnLocalReturned(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if name == "" {
		return errInput // want `return leaves transaction tx open`
	}
	if err = add(tx, name); err != nil {
		return err
	}
	err = tx.Commit()
	return err
}

// OnPanic rolls back after a panic; errors it minds itself.
func (c Cases) OnPanic() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		}
	}()
	if err := add(tx, "one"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// OnPanicOnly minds nothing but the panic.
func (c Cases) OnPanicOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		}
	}()
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ThreeArms minds panics, errors and success.
func (c Cases) ThreeArms() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		switch p := recover(); {
		case p != nil:
			_ = tx.Rollback()
			panic(p)
		case err != nil:
			_ = tx.Rollback()
		default:
			err = tx.Commit()
		}
	}()
	return add(tx, "one")
}

// ThreeArmsApart has the arm for errors return without an end.
func (c Cases) ThreeArmsApart() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		switch p := recover(); {
		case p != nil:
			_ = tx.Rollback()
			panic(p)
		case err != nil:
			err = fmt.Errorf("three arms: %w", err)
		default:
			err = tx.Commit()
		}
	}()
	return add(tx, "one") // want `return leaves transaction tx open`
}

// Success lowers the flag after the commit.
func (c Cases) Success() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	success := false
	defer func() {
		if !success {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx, "one"); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	success = true
	return nil
}

// SuccessBefore raises it before the last check.
func (c Cases) SuccessBefore() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	success := false
	defer func() {
		if !success {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx, "one"); err != nil {
		return err
	}
	success = true
	if err := c.check(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// desk keeps a transaction beside the database that it is begun on.
type desk struct {
	db *sql.DB
	tx *sql.Tx
}

func (d *desk) open() (err error) {
	d.tx, err = d.db.Begin()
	return err
}

// DeferredAsk asks the object that it has the database from, before and in a deferred call.
func (c Cases) DeferredAsk() error {
	d := desk{db: c.p.DB}
	if err := d.open(); err != nil {
		return err
	}
	if c.p.Choose() {
		_, _ = d.tx.Exec("UPDATE items SET seen = 1")
	}
	defer func() {
		if c.p.Choose() {
			_ = d.tx.Commit()
			return
		}
		_ = d.tx.Rollback()
	}()
	return nil
}

// DeferredAskForgets ends it on one of the two answers.
func (c Cases) DeferredAskForgets() error {
	d := desk{db: c.p.DB}
	if err := d.open(); err != nil {
		return err
	}
	if c.p.Choose() {
		_, _ = d.tx.Exec("UPDATE items SET seen = 1")
	}
	defer func() {
		if c.p.Choose() {
			_ = d.tx.Commit()
		}
	}()
	return nil // want `return leaves transaction d open`
}
