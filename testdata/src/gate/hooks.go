package gate

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
)

// Hooks that see the transaction on its way, and makers of what works in it.

// logged is a hook, which LogTo replaces.
var logged = func(conn any, text string) { fmt.Fprintln(io.Discard, conn, text) }

// LogTo sends the log of statements elsewhere.
func LogTo(log func(conn any, text string)) { logged = log }

// Logged tells a hook of the transaction.
func (c Cases) Logged() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	logged(tx, "begin")
	if err := touch(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// LoggedForgets goes on with it, and nothing ends it.
func (c Cases) LoggedForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	logged(tx, "begin")
	return touch(tx) // want `return leaves transaction tx open`
}

// A planner plans within a transaction.
type planner interface{ plan() error }

type tables struct{ tx *sql.Tx }

func (t *tables) plan() error { return touch(t.tx) }

// A dialect makes planners.
type dialect interface {
	open(tx *sql.Tx) (planner, error)
}

type strict struct{}

func (strict) open(tx *sql.Tx) (planner, error) {
	if err := touch(tx); err != nil {
		return nil, err
	}
	return &tables{tx}, nil
}

type lenient struct{}

func (lenient) open(tx *sql.Tx) (planner, error) { return &tables{tx}, nil }

type migration struct {
	dialect dialect
	planner planner
}

func (m *migration) run(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if m.planner, err = m.dialect.open(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := m.planner.plan(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (m *migration) runForgets(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if m.planner, err = m.dialect.open(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := m.planner.plan(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (c Cases) migration() *migration {
	m := &migration{dialect: lenient{}}
	if c.p.Choose() {
		m.dialect = strict{}
	}
	return m
}

// Planned keeps what has been made for the transaction in a field.
func (c Cases) Planned() error { return c.migration().run(c.p.DB) }

// PlannedForgets leaves it open where there is nothing to keep.
func (c Cases) PlannedForgets() error { return c.migration().runForgets(c.p.DB) }
