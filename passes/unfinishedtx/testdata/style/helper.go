package style

import "database/sql"

func rollback(tx *sql.Tx) { _ = tx.Rollback() }

func helper(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer rollback(tx)
	return tx.Commit()
}

func helperMissing(db *sql.DB, stop bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if stop {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
