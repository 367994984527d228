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

// NewUnit returns a unit of work.
func NewUnit(db *sql.DB) pact.Unit { return &unit{db: db} }

type unit struct {
	db *sql.DB
	tx *sql.Tx
}

func (u *unit) Begin() (err error) {
	u.tx, err = u.db.Begin()
	return err
}
func (u *unit) Commit() error   { return u.tx.Commit() }
func (u *unit) Rollback() error { return u.tx.Rollback() }
func (u *unit) Put(name string) error {
	_, err := u.tx.Exec("INSERT INTO pact VALUES (?)", name)
	return err
}

// NewShop returns a shop.
func NewShop(db *sql.DB) pact.Shop { return &shop{db: db} }

type shop struct {
	db *sql.DB
	tx *sql.Tx
}

func (s *shop) BeginTx() (pact.Shop, error) {
	tx, err := s.db.Begin()
	if err != nil {
		return nil, err
	}
	return &shop{s.db, tx}, nil
}
func (s *shop) CommitTx() error   { return s.tx.Commit() }
func (s *shop) RollbackTx() error { return s.tx.Rollback() }
func (s *shop) Put(name string) error {
	_, err := s.tx.Exec("INSERT INTO pact VALUES (?)", name)
	return err
}
