package quay

import (
	"database/sql"
	"errors"
	"fmt"

	"txcases/quay/terms"
)

// Questions that an object of another package is asked twice.

func load(db *sql.DB, t *terms.Terms) error {
	var tx *sql.Tx
	if t.Whole() {
		var err error
		if tx, err = db.Begin(); err != nil {
			return err
		}
	}
	if t.Whole() {
		return tx.Commit()
	}
	_, err := db.Exec("UPDATE holds SET loaded = 1")
	return err
}

// TermsAgain asks at the begin and at the end.
func (c Cases) TermsAgain(whole bool) error { return load(c.p.DB, terms.Read(whole)) }

func unload(db *sql.DB, t *terms.Terms) error {
	var tx *sql.Tx
	if t.Whole() {
		var err error
		if tx, err = db.Begin(); err != nil {
			return err
		}
	}
	if _, err := db.Exec("UPDATE holds SET loaded = 0"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if t.Whole() {
		return tx.Commit()
	}
	return nil
}

// TermsAgainForgets leaves it open in between.
func (c Cases) TermsAgainForgets(whole bool) error { return unload(c.p.DB, terms.Read(whole)) }

func weigh(db *sql.DB, t *terms.Terms) error {
	if !t.Atomic {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	t.Warn("weighed")
	if t.Atomic {
		return tx.Commit()
	}
	return nil // not reached
}

// TermsWarned tells the object something in between.
func (c Cases) TermsWarned(whole bool) error { return weigh(c.p.DB, terms.Read(whole)) }

func reweigh(db *sql.DB, t *terms.Terms) error {
	if !t.Atomic {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	t.Warn("weighed")
	if _, err := tx.Exec("UPDATE holds SET weight = 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TermsWarnedForgets leaves it open.
func (c Cases) TermsWarnedForgets(whole bool) error { return reweigh(c.p.DB, terms.Read(whole)) }

// TermsSpent asks twice what is another question each time.
func (c Cases) TermsSpent(whole bool) error {
	t := terms.Read(whole)
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if whole && !t.Allow() {
		_ = tx.Rollback()
		return errFull // not reached
	}
	if !t.Allow() {
		return errFull // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// stage may fail in several ways.
func (c Cases) stage() error {
	switch c.p.Pick(5) {
	case 1:
		return errFull
	case 2:
		return sql.ErrNoRows
	case 3:
		return &stepError{"three"}
	case 4:
		return fmt.Errorf("%w, %w", errFull, &stepError{"four"})
	}
	return nil
}

type stepError struct{ step string }

func (e *stepError) Error() string { return e.step }

// StepsForget begins after two of them, with a question before and behind.
func (c Cases) StepsForget() error {
	first := c.stage()
	second := c.stage()
	if c.p.Choose() {
		return errFull
	}
	if first != nil || second != nil {
		return errors.Join(first, second)
	}
	tx, err := c.p.DB.Begin()
	if c.p.Choose() {
		return err // want `return leaves transaction tx open`
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}
