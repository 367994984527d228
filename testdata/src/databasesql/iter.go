package databasesql

import (
	"database/sql"
	"errors"
	"iter"
	"maps"
	"slices"
)

// upTo yields the numbers below n.
func upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// RangeFunc returns out of the body of a range over a function.
func (c Cases) RangeFunc() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for id := range upTo(2) {
		if _, err := tx.Exec("DELETE FROM carts WHERE id = ?", id); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// RangeFuncEnds rolls back first.
func (c Cases) RangeFuncEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for id := range upTo(2) {
		if _, err := tx.Exec("DELETE FROM carts WHERE id = ?", id); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

// RangeFuncBegins begins in each round and once goes on too soon.
func (c Cases) RangeFuncBegins() error {
	for id := range upTo(2) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM carts WHERE id = ?", id); err != nil {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// RangeFuncBeginsEnds ends each round.
func (c Cases) RangeFuncBeginsEnds() error {
	for id := range upTo(2) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM carts WHERE id = ?", id); err != nil {
			_ = tx.Rollback()
			continue
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// RangeFuncDeferred defers inside the body, which runs when the function returns.
func (c Cases) RangeFuncDeferred() error {
	for id := range upTo(c.p.Pick(2)) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if _, err := tx.Exec("DELETE FROM carts WHERE id = ?", id); err != nil {
			return err
		}
		return tx.Commit()
	}
	return nil
}

// RangeFuncBreak leaves the range and forgets.
func (c Cases) RangeFuncBreak() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for id := range upTo(2) {
		if _, err = tx.Exec("DELETE FROM carts WHERE id = ?", id); err != nil {
			break
		}
	}
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// openForAll begins for a batch, and gives up at the first id that cannot be served.
func (c Cases) openForAll() (*sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	for id := range upTo(2) {
		if _, err := tx.Exec("SELECT 1 FROM carts WHERE id = ?", id); err != nil {
			_ = tx.Rollback()
			return nil, err
		}
	}
	return tx, nil
}

// RangeFuncOpens ends what a function with such a loop has begun.
func (c Cases) RangeFuncOpens() error {
	tx, err := c.openForAll()
	if err != nil {
		return err
	}
	return tx.Commit()
}

// RangeFuncOpensForgets leaves it open after an error.
func (c Cases) RangeFuncOpensForgets() error {
	tx, err := c.openForAll()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open: c.openForAll`
	}
	return tx.Commit()
}

// RangeMap goes over a map.
func (c Cases) RangeMap() error {
	prices := map[string]int{"tea": 3}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for name, price := range prices {
		if _, err := tx.Exec("UPDATE items SET price = ? WHERE name = ?", price, name); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// RangeMapSorted goes over its keys in order and forgets the rollback.
func (c Cases) RangeMapSorted() error {
	prices := map[string]int{"tea": 3, "milk": 1}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(prices)) {
		if _, err := tx.Exec("UPDATE items SET price = ? WHERE name = ?", prices[name], name); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// RangeChannel takes work from a channel, one transaction for each piece.
func (c Cases) RangeChannel() error {
	work := make(chan int, 2)
	work <- 1
	work <- 2
	close(work)
	for id := range work {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE jobs SET done = 1 WHERE id = ?", id); err != nil {
			_ = tx.Rollback()
			continue
		}
		_ = tx.Commit()
	}
	return nil
}

// RangeRows walks over rows inside the transaction.
func (c Cases) RangeRows() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	rows, err := tx.Query("SELECT id FROM jobs")
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			_ = tx.Rollback()
			return err // not reached
		}
		if id == 0 {
			return errStock // want `return leaves transaction tx open`
		}
	}
	if err := rows.Err(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// one runs a query in a transaction and scans its one value.
func one[T any](db *sql.DB, query string) (value T, err error) {
	tx, err := db.Begin()
	if err != nil {
		return value, err
	}
	defer tx.Rollback()
	if err := tx.QueryRow(query).Scan(&value); err != nil {
		return value, err
	}
	return value, tx.Commit()
}

// oneForgetful does so without the deferred rollback.
func oneForgetful[T any](db *sql.DB, query string) (value T, err error) {
	tx, err := db.Begin()
	if err != nil {
		return value, err
	}
	if err := tx.QueryRow(query).Scan(&value); err != nil {
		return value, err // want `return leaves transaction tx open`
	}
	return value, tx.Commit()
}

// Generic calls the careful one at two types.
func (c Cases) Generic() (string, error) {
	n, err := one[int](c.p.DB, "SELECT n FROM stock")
	if err != nil || n == 0 {
		return "", err
	}
	return one[string](c.p.DB, "SELECT name FROM stock")
}

// GenericForgetful calls the forgetful one.
func (c Cases) GenericForgetful() (int, error) {
	return oneForgetful[int](c.p.DB, "SELECT n FROM stock")
}

// Pipe is a generic type whose methods open transactions.
type Pipe[T any] struct {
	db    *sql.DB
	items []T
}

// Flush writes the items.
func (p *Pipe[T]) Flush() error {
	tx, err := p.db.Begin()
	if err != nil {
		return err
	}
	for _, item := range p.items {
		if _, err := tx.Exec("INSERT INTO pipe (item) VALUES (?)", item); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	p.items = nil
	return tx.Commit()
}

// GenericMethod flushes a pipe.
func (c Cases) GenericMethod() error {
	p := &Pipe[int]{db: c.p.DB, items: []int{1}}
	return p.Flush()
}
