// Package loop holds exits where a deferred rollback would come too late, or end
// what somebody else has to end.
package loop

import (
	"database/sql"
	"fmt"
)

func rounds(db *sql.DB, ids []int) error {
	for _, id := range ids {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		if id == 0 {
			continue // want `next iteration leaves transaction tx open`
		}
		if id < 0 {
			return fmt.Errorf("id %d", id) // want `return leaves transaction tx open`
		}
		if _, err := tx.Exec("DELETE FROM a WHERE id = ?", id); err == nil {
			tx.Commit()
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

func left(db *sql.DB) (err error) {
	for {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM a"); err != nil {
			break
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return err // want `return leaves transaction tx open`
}

func given(db *sql.DB, stop bool) (*sql.Tx, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	if stop {
		return nil, rename(tx) // want `return leaves transaction tx open`
	}
	return tx, nil
}

func rename(tx *sql.Tx) error {
	_, err := tx.Exec("UPDATE a SET b = 1")
	return err
}

func again(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	tx, err = db.Begin() // want `overwriting leaves transaction tx open`
	if err != nil {
		return err
	}
	return tx.Commit()
}

func thrown(db *sql.DB) error {
	_, err := db.Begin() // want `discarding leaves the transaction of db.Begin open`
	return err
}
