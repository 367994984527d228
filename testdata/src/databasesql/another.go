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

func isDone(err error) bool { return err == sql.ErrTxDone || errors.Is(err, sql.ErrTxDone) }

// DoneHelper asks a helper whether it is over.
func (c Cases) DoneHelper() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = touch(tx)
	if isDone(err) {
		return nil // not reached
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func isHarmless(err error) bool { return err == sql.ErrNoRows || errors.Is(err, sql.ErrTxDone) }

// HarmlessHelper asks for that, and for another error.
func (c Cases) HarmlessHelper() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var id int
	err = tx.QueryRow("SELECT id FROM items").Scan(&id)
	if isHarmless(err) {
		return nil // want `return leaves transaction tx open`
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
