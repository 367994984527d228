package style

import (
	"database/sql"
	"errors"
	"log"
)

func finalizeTransaction(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		log.Print("rollback: ", err)
	}
}

func touched(tx *sql.Tx) { log.Print(tx != nil) }

func finalized(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer finalizeTransaction(tx)
	defer touched(tx)
	return tx.Commit()
}

func notFinalized(db *sql.DB, stop bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if stop {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
