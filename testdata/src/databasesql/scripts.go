package databasesql

import (
	"database/sql"
	"errors"
)

var errNoTx = errors.New("no transaction")

// script returns statements that end their transaction, do not, or begin twice.
func (c Cases) script() []string {
	switch {
	case c.p.Choose():
		return []string{"BEGIN", "UPDATE items SET price = 1", "COMMIT"}
	case c.p.Choose():
		return []string{"BEGIN", "BEGIN", "COMMIT"}
	}
	return []string{"BEGIN", "UPDATE items SET price = 1"}
}

// Script executes statements one by one: what a round has begun goes on in the next, so
// that nothing may be rolled back at its end.
func (c Cases) Script() error {
	var tx *sql.Tx
	var err error
	for _, stmt := range c.script() {
		switch stmt {
		case "BEGIN":
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		case "COMMIT":
			if tx == nil {
				return errNoTx // not reached
			}
			if err = tx.Commit(); err != nil {
				return err
			}
			tx = nil
		default:
			if tx == nil {
				return errNoTx // not reached
			}
			if _, err = tx.Exec(stmt); err != nil {
				tx.Rollback()
				return err
			}
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// ScriptEnded rolls back what the script has left open.
func (c Cases) ScriptEnded() error {
	var tx *sql.Tx
	defer func() {
		if tx != nil {
			tx.Rollback()
		}
	}()
	for _, stmt := range c.script() {
		var err error
		switch stmt {
		case "BEGIN":
			if tx != nil {
				return errNoTx
			}
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		case "COMMIT":
			if tx == nil {
				return errNoTx // not reached
			}
			if err = tx.Commit(); err != nil {
				return err
			}
			tx = nil
		default:
			if tx == nil {
				return errNoTx // not reached
			}
			if _, err = tx.Exec(stmt); err != nil {
				return err
			}
		}
	}
	return nil
}

// BatchLeft begins in the first round, and in each that follows a commit, and forgets what
// is left when the rounds are over.
func (c Cases) BatchLeft() error {
	var tx *sql.Tx
	for range c.p.Pick(3) {
		if tx == nil {
			var err error
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
		if err := touch(tx); err != nil {
			tx.Rollback()
			return err
		}
		if c.p.Choose() {
			if err := tx.Commit(); err != nil {
				return err
			}
			tx = nil
		}
	}
	return nil // want `return leaves transaction tx open`
}

// BatchAnew begins at times, and forgets the batch before.
func (c Cases) BatchAnew() error {
	var tx *sql.Tx
	for range c.p.Pick(3) {
		if tx == nil || c.p.Choose() {
			var err error
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
		if err := touch(tx); err != nil {
			tx.Rollback()
			return err
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// A batch has one transaction at a time, for those who ask for it.
type batch struct {
	db *sql.DB
	tx *sql.Tx
}

// begin hands out the transaction of the batch: a new one if it has none, or is told to.
func (b *batch) begin(anew bool) (*sql.Tx, error) {
	if b.tx != nil && !anew {
		return b.tx, nil
	}
	var err error
	b.tx, err = b.db.Begin()
	return b.tx, err
}

// next begins the next transaction.
func (b *batch) next() (*sql.Tx, error) {
	var err error
	b.tx, err = b.db.Begin()
	return b.tx, err
}

func (b *batch) end(err error) error {
	if b.tx == nil {
		return err
	}
	if err != nil {
		b.tx.Rollback()
		return err
	}
	return b.tx.Commit()
}

// BatchShared asks its batch in each round: what it is given in one round goes on in the next.
func (c Cases) BatchShared() error {
	b := &batch{db: c.p.DB}
	for range c.p.Pick(3) {
		tx, err := b.begin(c.p.Choose())
		if err != nil {
			return b.end(err)
		}
		if err := touch(tx); err != nil {
			return b.end(err)
		}
	} // want `next iteration leaves transaction tx open`
	return b.end(nil)
}

// BatchNext takes the next transaction of its batch in each round, and ends the last.
func (c Cases) BatchNext() error {
	b := &batch{db: c.p.DB}
	for range c.p.Pick(3) {
		tx, err := b.next()
		if err != nil {
			return err
		}
		if err := touch(tx); err != nil {
			return b.end(err)
		}
	} // want `next iteration leaves transaction tx open`
	return b.end(nil)
}

// BatchEach ends each.
func (c Cases) BatchEach() error {
	b := &batch{db: c.p.DB}
	for range c.p.Pick(3) {
		tx, err := b.next()
		if err != nil {
			return err
		}
		if err := b.end(touch(tx)); err != nil {
			return err
		}
	}
	return nil
}
