package databasesql

import (
	"database/sql"
	"errors"
)

// AnotherDone asks what the error of one transaction says, where the other is open (T2).
func (c Cases) AnotherDone() error {
	audit, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer audit.Rollback()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_ = audit.Commit()
	if _, err := audit.Exec("UPDATE log SET seen = 1"); errors.Is(err, sql.ErrTxDone) {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}

// AnotherDoneEnded ends the other as well.
func (c Cases) AnotherDoneEnded() error {
	audit, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer audit.Rollback()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_ = audit.Commit()
	if err := touch(audit); errors.Is(err, sql.ErrTxDone) {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit() // not reached
}

// AnotherAndOwn asks that of a helper that is given both.
func (c Cases) AnotherAndOwn() error {
	audit, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer audit.Rollback()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := touchBoth(audit, tx); errors.Is(err, sql.ErrTxDone) {
		return err // not reached
	} else if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func touchBoth(a, b *sql.Tx) error {
	return errors.Join(touch(b), touch(a))
}

// AnotherHelped asks the error of a helper that is given the other.
func (c Cases) AnotherHelped() error {
	audit, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer audit.Rollback()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_ = audit.Commit()
	if err := touch(audit); errors.Is(err, sql.ErrTxDone) {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}
