package lib

import "database/sql"

func Start(db *sql.DB) (*sql.Tx, error) { return db.Begin() }
