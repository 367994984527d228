// Package fixes holds each form of the check behind a Begin.
package fixes

import (
	"context"
	"database/sql"
	"log"
)

func checked(db *sql.DB, stop, again bool) bool {
	tx, err := db.Begin()
	if err != nil {
		return false
	} // a comment stays where it is

	if stop {
		return false // want `return leaves transaction tx open: db.Begin on line 11 is neither committed nor rolled back when stop \(in checked\)`
	}
	if again {
		return false // want `return leaves transaction tx open`
	}
	return tx.Commit() == nil
}

func worked(db *sql.DB, stop bool) error {
	tx, err := db.Begin()
	if err == nil {
		// work
		if stop {
			return nil // want `return leaves transaction tx open`
		}
		err = tx.Commit()
	}
	return err
}

func inInit(db *sql.DB, stop bool) error {
	if tx, err := db.Begin(); err != nil {
		return err
	} else {
		if stop {
			return nil // want `return leaves transaction tx open`
		}
		return tx.Commit()
	}
}

func outerInit(db *sql.DB, own, stop bool) (err error) {
	var tx *sql.Tx
	if own {
		if tx, err = db.Begin(); err != nil {
			return err
		}
	}
	if stop {
		return nil // want `return leaves transaction tx open`
	}
	if own {
		return tx.Commit()
	}
	return nil
}

func inSwitch(db *sql.DB, stop bool) error {
	switch tx, err := db.Begin(); {
	case err != nil:
		return err
	case stop:
		return nil // want `return leaves transaction tx open`
	default:
		return tx.Commit()
	}
}

func unchecked(db *sql.DB, stop bool) {
	tx, _ := db.Begin()
	if stop {
		return // want `return leaves transaction tx open`
	}
	tx.Commit()
}

func fatal(db *sql.DB, stop bool) {
	tx, err := db.Begin()
	if err != nil {
		log.Fatal(err)
	}
	if stop {
		return // want `return leaves transaction tx open`
	}
	tx.Commit()
}

func shadowed(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		}
	}()
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	err = tx.Commit()
	return err
}

func two(ctx context.Context, db *sql.DB) error {
	from, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	to, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err // want `return leaves transaction from open`
	}
	if _, err := from.Exec("DELETE FROM a"); err != nil {
		return err // want `return leaves transaction from open` `return leaves transaction to open`
	}
	from.Commit()
	return to.Commit()
}
