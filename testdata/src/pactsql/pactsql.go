// Package pactsql implements pact with database/sql.
package pactsql

import (
	"database/sql"

	"txcases/pact"
)

// Storage is a database.
type Storage struct{ DB *sql.DB }

// Begin begins.
func (s Storage) Begin() (pact.Tx, error) {
	t, err := s.DB.Begin()
	if err != nil {
		return nil, err
	}
	return &tx{t}, nil
}

type tx struct{ tx *sql.Tx }

func (t *tx) Commit() error   { return t.tx.Commit() }
func (t *tx) Rollback() error { return t.tx.Rollback() }
func (t *tx) Put(name string) error {
	_, err := t.tx.Exec("INSERT INTO pact VALUES (?)", name)
	return err
}
