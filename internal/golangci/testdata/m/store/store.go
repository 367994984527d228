// Package store is a library of one's own.
package store

// A DB begins transactions.
type DB struct{}

// A Tx is one of them.
type Tx struct{ db *DB }

// Begin is a begin only for who says so.
func (db *DB) Begin() *Tx { return &Tx{db} }

// Done is the end.
func (tx *Tx) Done() error { return nil }
