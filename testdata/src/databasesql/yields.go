package databasesql

import (
	"database/sql"
	"iter"
)

// transactions yields one after the other, each of which the loop ends (T10).
func transactions(db *sql.DB) iter.Seq[*sql.Tx] {
	return func(yield func(*sql.Tx) bool) {
		for {
			tx, err := db.Begin()
			if err != nil || !yield(tx) {
				return
			}
		}
	}
}

// YieldedEnded ends each that it is given.
func (c Cases) YieldedEnded() error {
	for tx := range transactions(c.p.DB) {
		if err := tx.Commit(); err != nil {
			return err
		}
		if c.p.Choose() {
			break
		}
	}
	return nil
}

// touched leaves one open that cannot be used.
func touched(db *sql.DB) iter.Seq2[*sql.Tx, error] {
	return func(yield func(*sql.Tx, error) bool) {
		tx, err := db.Begin()
		if err != nil {
			yield(nil, err)
			return
		}
		if err := touch(tx); err != nil {
			yield(nil, err)
			return // want `return leaves transaction tx open`
		}
		yield(tx, nil)
	}
}

// YieldedTouched ends the one that it is given.
func (c Cases) YieldedTouched() error {
	for tx, err := range touched(c.p.DB) {
		if err != nil {
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}
