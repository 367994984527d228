package shop

import "database/sql"

func begin(db *sql.DB) (*sql.Tx, error) {
	return db.Begin()
}
