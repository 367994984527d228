// Package style holds files with ways of their own to roll back.
package style

import "database/sql"

func closure(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return tx.Commit()
}

func closureMissing(db *sql.DB, stop bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if stop {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
