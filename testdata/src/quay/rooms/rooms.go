// Package rooms counts what is in a room.
package rooms

import "database/sql"

// Rooms are asked within a transaction.
type Rooms interface {
	Count(tx *sql.Tx, room int) (int, error)
}

type table struct{}

// Real returns what the program works with.
func Real() Rooms { return table{} }

func (table) Count(tx *sql.Tx, room int) (int, error) {
	_, err := tx.Exec("SELECT count(*) FROM boxes WHERE room = ?", room)
	return 0, err
}

// Full is a quota of which nothing is left.
func Full() any { return fixed[bool]{true} }

type fixed[T any] struct{ answer T }

func (f fixed[T]) Used(*sql.Tx) (T, error) { return f.answer, nil }
