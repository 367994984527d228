package native

import "database/sql"

func Leak(db *sql.DB, stop bool) error {
	tx, err := Start(db)
	if err != nil || stop {
		return err
	}
	return tx.Commit()
}
