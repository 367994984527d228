// Package update changes prices. It is the example that the README shows.
package update

import "database/sql"

// Store keeps prices in a database.
type Store struct {
	db *sql.DB
}

// Update stores the new price of an item.
func (s *Store) Update(id int) bool {
	tx, err := s.db.Begin()
	if err != nil {
		return false
	}
	prices := s.load(id)
	if prices == nil {
		return false // tx is still open, and holds its connection for ever
	}
	_, err = tx.Exec("UPDATE items SET price = ? WHERE id = ?", prices["new"], id)
	return err == nil && tx.Commit() == nil
}

// load returns the prices of an item, or nil if there are none.
func (s *Store) load(id int) map[string]int {
	var old int
	if err := s.db.QueryRow("SELECT price FROM items WHERE id = ?", id).Scan(&old); err != nil {
		return nil
	}
	return map[string]int{"old": old, "new": old + 1}
}
