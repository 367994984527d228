// Package berth has handles that are passed by value.
package berth

import (
	"database/sql"

	"txcases/quay/ropes"
)

// A Session is a thin handle.
type Session struct{ in *inner }

type inner struct{ tx *sql.Tx }

// Open begins.
func Open(db *sql.DB) (Session, error) {
	tx, err := db.Begin()
	if err != nil {
		return Session{}, err
	}
	return Session{&inner{tx}}, nil
}

// Touch works.
func (s Session) Touch() error {
	_, err := s.in.tx.Exec("UPDATE berth SET n = 1")
	return err
}

// Commit ends.
func (s Session) Commit() error { return s.in.tx.Commit() }

// Close ends.
func (s Session) Close() { _ = s.in.tx.Rollback() }

// A Unit holds the transaction.
type Unit struct{ Tx *sql.Tx }

// Deps are passed by value.
type Deps struct {
	Name string
	Unit *Unit
}

// End ends.
func End(d Deps) error { return d.Unit.Tx.Commit() }

// Begin yields functions of a third package.
func Begin(db *sql.DB) (tx *sql.Tx, commit func() error, undo func(), err error) {
	return ropes.Of(db.Begin())
}

// Undoable yields one.
func Undoable(db *sql.DB) (*sql.Tx, func(), error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, nil, err
	}
	return tx, ropes.Undo(tx), nil
}

// Start yields what ends the transaction by an error.
func Start(db *sql.DB) (*sql.Tx, func(*error), error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, nil, err
	}
	return tx, func(errp *error) {
		if *errp != nil {
			_ = tx.Rollback()
			return
		}
		*errp = tx.Commit()
	}, nil
}
