package idioms

import (
	"database/sql"
	"errors"
	"time"
)

// inTx runs work in a transaction.
func inTx[T any](db *sql.DB, work func(*sql.Tx) (T, error)) (result T, err error) {
	tx, err := db.Begin()
	if err != nil {
		return result, err
	}
	if result, err = work(tx); err != nil {
		_ = tx.Rollback()
		return result, err
	}
	return result, tx.Commit()
}

// inTxOnce is its forgetful sister.
func inTxOnce[T any](db *sql.DB, work func(*sql.Tx) (T, error)) (result T, err error) {
	tx, err := db.Begin()
	if err != nil {
		return result, err
	}
	if result, err = work(tx); err != nil {
		return result, err // want `return leaves transaction tx open`
	}
	return result, tx.Commit()
}

// Runs leaves beginning and end to the one.
func (c Cases) Runs() (int, error) {
	return inTx(c.p.DB, func(tx *sql.Tx) (int, error) { return 1, add(tx, "one") })
}

// RunsOnce leaves them to the other.
func (c Cases) RunsOnce() (int, error) {
	return inTxOnce(c.p.DB, func(tx *sql.Tx) (int, error) { return 1, add(tx, "one") })
}

// Atomic is a setting under which a store works in transactions.
type Atomic struct {
	db *sql.DB
	on bool
	tx *sql.Tx
}

// write begins and ends under the same condition.
func (a Atomic) write(check func() error) (err error) {
	tx := a.tx
	if a.on && tx == nil {
		if tx, err = a.db.Begin(); err != nil {
			return err
		}
	}
	err = check()
	if a.on && a.tx == nil {
		if err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	}
	return err
}

// writeLoose ends it under one condition more.
func (a Atomic) writeLoose(check func() error) (err error) {
	tx := a.tx
	if a.on && tx == nil {
		if tx, err = a.db.Begin(); err != nil {
			return err
		}
	}
	err = check()
	if a.on && a.tx == nil && err == nil {
		return tx.Commit()
	}
	return err // want `return leaves transaction tx open`
}

// Writes writes with the setting and without.
func (c Cases) Writes(on bool) error {
	return Atomic{db: c.p.DB, on: on}.write(c.check)
}

// WritesLoose does so loosely.
func (c Cases) WritesLoose(on bool) error {
	return Atomic{db: c.p.DB, on: on}.writeLoose(c.check)
}

// InClosure begins in a function that is tried again.
func (c Cases) InClosure() error {
	var tx *sql.Tx
	begin := func() (err error) {
		tx, err = c.p.DB.Begin()
		return err
	}
	if err := begin(); err != nil {
		if err := begin(); err != nil {
			return err
		}
	}
	defer tx.Rollback()
	return add(tx, "one")
}

// InClosureTwice begins a second time whatever the first has brought.
func (c Cases) InClosureTwice() error {
	var tx *sql.Tx
	begin := func() (err error) {
		tx, err = c.p.DB.Begin()
		return err
	}
	if err := begin(); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// EachTurn begins and ends in each turn.
func (c Cases) EachTurn() (err error) {
	for n := range 2 {
		var tx *sql.Tx
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
		if n == 1 {
			if err = tx.Rollback(); err != nil {
				return err
			}
			continue
		}
		if err = tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// EachTurnButOne goes on to the next in the middle of one.
func (c Cases) EachTurnButOne() (err error) {
	for range 2 {
		var tx *sql.Tx
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
		if c.check() != nil {
			continue // want `next iteration leaves transaction tx open`
		}
		if err = tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// NilGuard looks at the transaction instead of the error.
func (c Cases) NilGuard() error {
	tx, err := c.p.DB.Begin()
	if tx == nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// NilGuardOnly looks at nothing else.
func (c Cases) NilGuardOnly() error {
	tx, err := c.p.DB.Begin()
	if tx != nil {
		_, err = tx.Exec("DELETE FROM names")
	}
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Switched ends it in each case.
func (c Cases) Switched(kind string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch kind {
	case "a":
		err = add(tx, "a")
	case "":
		err = add(tx, "none")
	default:
		_ = tx.Rollback()
		return errInput // not reached
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// SwitchedDefault has a default that says no, and forgets.
func (c Cases) SwitchedDefault(kind string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch kind {
	case "a":
		err = add(tx, "a")
	default:
		return errInput // want `return leaves transaction tx open`
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// again tries until it does well.
func (c Cases) again(left int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		_ = tx.Rollback()
		if left == 0 {
			return err
		}
		return c.again(left - 1)
	}
	return tx.Commit()
}

// Recursive calls itself with nothing open.
func (c Cases) Recursive() error { return c.again(1) }

// againOpen does so before it rolls back.
func (c Cases) againOpen(left int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		if left > 0 {
			return c.againOpen(left - 1) // want `return leaves transaction tx open`
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// RecursiveOpen calls that one.
func (c Cases) RecursiveOpen() error { return c.againOpen(1) }

// Savepoint has a transaction within the transaction, by hand.
func (c Cases) Savepoint() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec("SAVEPOINT one"); err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		if _, err := tx.Exec("ROLLBACK TO one"); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// SavepointOnly rolls back to it and no further.
func (c Cases) SavepointOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("SAVEPOINT one"); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := add(tx, "one"); err != nil {
		_, _ = tx.Exec("ROLLBACK TO one")
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Ticks begins at each tick of a clock.
func (c Cases) Ticks() error {
	ticks := make(chan time.Time, 2)
	stop := make(chan bool)
	for range 2 {
		if c.p.Choose() {
			close(stop)
		} else {
			ticks <- time.Time{}
		}
		select {
		case <-stop:
			return nil
		case <-ticks:
			tx, err := c.p.DB.Begin()
			if err != nil {
				continue
			}
			if err := add(tx, "tick"); err != nil {
				_ = tx.Rollback()
				continue
			}
			_ = tx.Commit()
		}
	}
	return nil
}
