// Package shop is what the stored findings are about.
package shop

import (
	"database/sql"
	"errors"
)

// Update has two exits that leak; one fix mends both.
func Update(db *sql.DB, id int) bool {
	tx, err := db.Begin()
	if err != nil {
		return false
	}
	if id == 0 {
		return false
	}
	_, err = tx.Exec("UPDATE items SET price = 1 WHERE id = ?", id)
	return err == nil && tx.Commit() == nil
}

// Move rolls back in a deferred function that looks at another err. The names and
// the text before them on the line are wide.
func Move(db *sql.DB, 金額 int) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		}
	}()
	if 店 := "日本語 👩‍👩‍👧"; 金額 > len(店) {
		_, err := tx.Exec("UPDATE accounts SET balance = balance - ?", 金額)
		/* 	*/ return errors.Join(err, tx.Commit())
	} else if 金額 < 0 { return nil }
	return tx.Commit()
}

// Drop throws the transaction away.
func Drop(db *sql.DB) {
	db.Begin()
}

// Each begins anew in every round.
func Each(db *sql.DB, ids []int) error {
	for _, id := range ids {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		if id == 0 {
			continue //txcheck:ignore
		}
		if id%2 == 0 {
			continue
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// Sell begins by way of a function in another file.
func Sell(db *sql.DB, ids ...int) error {
	sale, err := begin(db)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := sale.Exec("DELETE FROM items WHERE id = ?", id); err != nil {
			return err
		}
	}
	return sale.Commit()
}
