package store

import (
	"context"
	"database/sql"
	"iter"
)

// Query ranges over the numbers that a query yields.
func Query(ctx context.Context, tx *sql.Tx, query string) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		rows, err := tx.QueryContext(ctx, query)
		if err != nil {
			yield(0, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil || !yield(n, nil) {
				return
			}
		}
	}
}

// Drain ranges over them, and rolls back at the end.
func Drain(ctx context.Context, tx *sql.Tx, query string) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		defer tx.Rollback()
		for n, err := range Query(ctx, tx, query) {
			if !yield(n, err) {
				return
			}
		}
	}
}

// Numbers ranges over what the page has.
func (r *Ream) Numbers(ctx context.Context) iter.Seq2[int, error] {
	return Query(ctx, r.tx, "SELECT n FROM items")
}
