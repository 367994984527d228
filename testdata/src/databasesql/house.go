package databasesql

import (
	"database/sql"
	"errors"
	"log"
)

// Functions here end their transactions as the house does: by its helper, by what has begun
// them, or by what they have deferred further down.

// closeTx is the house's own: what is over already is no news.
func closeTx(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		log.Print("close transaction: ", err)
	}
}

// HouseCloses defers it.
func (c Cases) HouseCloses() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer closeTx(tx)
	if c.p.Choose() {
		return errStock
	}
	return tx.Commit()
}

// HouseForgets does not.
func (c Cases) HouseForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
