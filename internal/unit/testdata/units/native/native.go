// Package native has a file that cgo turns into others.
package native

// static int one(void) { return 1; }
import "C"

import "database/sql"

func Start(db *sql.DB) (*sql.Tx, error) {
	if C.one() == 1 {
		return db.Begin()
	}
	return nil, sql.ErrConnDone
}
