// Package lib leaves a transaction open unless the process has ended.
package lib

import (
	"database/sql"

	"units/fatal"
)

func Ends(db *sql.DB, l *fatal.Logger, stop bool) {
	tx, err := db.Begin()
	if err != nil {
		l.Die("begin")
	}
	if stop {
		fatal.Never()
	}
	tx.Commit()
}

func Leaks(db *sql.DB, stop bool) {
	tx, err := db.Begin()
	fatal.Must(err)
	if stop {
		return
	}
	tx.Commit()
}
