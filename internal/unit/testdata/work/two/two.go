// Package two begins transactions.
package two

import "database/sql"

type Store struct{ db *sql.DB }

func (s *Store) Open() (*sql.Tx, error) { return s.db.Begin() }

func (s *Store) Leak() { s.Open() }
