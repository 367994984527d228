package databasesql

import (
	"database/sql"
	"errors"
	"time"
)

// SwitchDefault forgets the default of its switch.
func (c Cases) SwitchDefault(op string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch op {
	case "":
		_, err = tx.Exec("UPDATE ips SET used = 0")
	case "a":
		_, err = tx.Exec("UPDATE ips SET used = 1")
	}
	switch {
	case err != nil:
		_ = tx.Rollback()
		return err
	case op == "":
		return errLocked // want `return leaves transaction tx open`
	default:
		return tx.Commit()
	}
}

// SwitchAllEnd ends the transaction in each case.
func (c Cases) SwitchAllEnd(op string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch op {
	case "":
		_, err = tx.Exec("UPDATE ips SET used = 0")
	default:
		_ = tx.Rollback()
		return errLocked
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// SwitchOnErr tells the kinds of failure apart.
func (c Cases) SwitchOnErr() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var n int
	switch err := tx.QueryRow("SELECT n FROM stock").Scan(&n); {
	case err == nil:
		return tx.Commit()
	case errors.Is(err, sql.ErrNoRows):
		return nil // want `return leaves transaction tx open`
	default:
		_ = tx.Rollback()
		return err
	}
}

// SwitchOnErrEnds ends it for each kind.
func (c Cases) SwitchOnErrEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var n int
	switch err := tx.QueryRow("SELECT n FROM stock").Scan(&n); {
	case err == nil:
		return tx.Commit()
	case errors.Is(err, sql.ErrNoRows):
		return tx.Rollback()
	default:
		_ = tx.Rollback()
		return err
	}
}

// Fallthrough shares the rollback of the next case.
func (c Cases) Fallthrough() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch c.p.Pick(3) {
	case 0:
		_, err = tx.Exec("DELETE FROM stock")
		fallthrough
	case 1:
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// TwoSwitches decides the same thing twice.
func (c Cases) TwoSwitches(mode int) error {
	var tx *sql.Tx
	var err error
	switch mode {
	case 0:
		tx, err = c.p.DB.Begin()
	}
	if err != nil {
		return err
	}
	switch mode {
	case 0:
		return tx.Commit()
	}
	return nil
}

// TwoSwitchesApart decides two different things.
func (c Cases) TwoSwitchesApart(mode int) error {
	var tx *sql.Tx
	var err error
	switch mode {
	case 0:
		tx, err = c.p.DB.Begin()
	}
	if err != nil {
		return err
	}
	switch c.p.Pick(2) {
	case mode + 1:
		if tx != nil {
			return tx.Commit()
		}
	}
	return nil // want `return leaves transaction tx open`
}

// TypeSwitch looks at the kind of the value to store.
func (c Cases) TypeSwitch() error {
	values := []any{1, "one", nil}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch v := values[c.p.Pick(3)].(type) {
	case int:
		_, err = tx.Exec("INSERT INTO numbers (n) VALUES (?)", v)
	case string:
		_, err = tx.Exec("INSERT INTO words (w) VALUES (?)", v)
	default:
		return errStock // want `return leaves transaction tx open`
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// TypeSwitchDeferred looks at it under a deferred rollback.
func (c Cases) TypeSwitchDeferred() error {
	values := []any{1, "one", nil}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	switch v := values[c.p.Pick(3)].(type) {
	case int:
		_, err = tx.Exec("INSERT INTO numbers (n) VALUES (?)", v)
	case string:
		_, err = tx.Exec("INSERT INTO words (w) VALUES (?)", v)
	default:
		return errStock
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

// Ticks begins on a tick and forgets to end before it waits for the next.
func (c Cases) Ticks() error {
	ticks, stop := c.ticks()
	for {
		select {
		case <-stop:
			return nil // want `return leaves transaction tx open`
		case <-ticks:
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err // the first tick's is counted at the continue
			}
			if _, err := tx.Exec("UPDATE leases SET until = NOW()"); err != nil {
				continue // want `next iteration leaves transaction tx open`
			}
			if err := tx.Commit(); err != nil {
				return err
			}
		}
	}
}

// TicksEnd ends it on each tick.
func (c Cases) TicksEnd() error {
	ticks, stop := c.ticks()
	for {
		select {
		case <-stop:
			return nil
		case <-ticks:
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			if _, err := tx.Exec("UPDATE leases SET until = NOW()"); err != nil {
				_ = tx.Rollback()
				continue
			}
			if err := tx.Commit(); err != nil {
				return err
			}
		}
	}
}

// ticks yields two ticks and then stops.
func (c Cases) ticks() (ticks chan time.Time, stop chan struct{}) {
	ticks, stop = make(chan time.Time), make(chan struct{})
	go func() {
		for range 2 {
			ticks <- time.Time{}
		}
		close(stop)
	}()
	return ticks, stop
}

// SelectTimeout gives up on a slow answer and on its transaction.
func (c Cases) SelectTimeout() error {
	slow, answer := c.answer()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	select {
	case <-answer:
		return tx.Commit()
	case <-slow:
		return errLocked // want `return leaves transaction tx open`
	}
}

// SelectTimeoutEnds rolls back then.
func (c Cases) SelectTimeoutEnds() error {
	slow, answer := c.answer()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	select {
	case <-answer:
		return tx.Commit()
	case <-slow:
		_ = tx.Rollback()
		return errLocked
	}
}

// answer has one of the two channels ready.
func (c Cases) answer() (slow, answer chan struct{}) {
	slow, answer = make(chan struct{}, 1), make(chan struct{}, 1)
	if c.p.Choose() {
		slow <- struct{}{}
	} else {
		answer <- struct{}{}
	}
	return slow, answer
}
