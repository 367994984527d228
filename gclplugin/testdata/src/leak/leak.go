package leak

import "database/sql"

func early(db *sql.DB, stop bool) bool {
	tx, err := db.Begin()
	if err != nil {
		return false
	}
	if stop {
		return false // want `leaves transaction tx open`
	}
	return tx.Commit() == nil
}

func sound(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return tx.Commit()
}
