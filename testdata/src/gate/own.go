package gate

import (
	"database/sql"
	"errors"

	"txcases/signs"
)

// An opError is an error of an operation.
type opError struct {
	op  string
	err error
}

func (e *opError) Error() string { return e.op + ": " + e.err.Error() } // not reached
func (e *opError) Unwrap() error { return e.err }

func update(tx *sql.Tx) error {
	if _, err := tx.Exec("UPDATE gates SET open = 1"); err != nil {
		return &opError{"update", err}
	}
	return nil
}

// OwnAsked asks what an error wraps that the package itself has made.
func (c Cases) OwnAsked() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := update(tx); err != nil {
		if !errors.Is(err, sql.ErrTxDone) {
			_ = err.(*opError).op
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OwnAs asks for another type.
func (c Cases) OwnAs() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := update(tx); err != nil {
		var said *signs.ServerError
		if errors.As(err, &said) {
			_ = tx.Rollback() // not reached
			return said       // not reached
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OwnIs knows that it has made another one.
func (c Cases) OwnIs() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		err = &opError{"stop", signs.ErrBusy}
	}
	if errors.Is(err, signs.ErrBusy) {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// OwnSame compares it with what it is not.
func (c Cases) OwnSame() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := update(tx); err != nil {
		if err == signs.ErrGone {
			return nil // not reached
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func updateAt(tx *sql.Tx) error {
	_, err := tx.Exec("UPDATE gates SET open = 1")
	return signs.At("update", err)
}

// OwnElsewhere asks what an error wraps that another package has made.
func (c Cases) OwnElsewhere() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := updateAt(tx); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			_ = tx.Rollback() // not reached
			return nil        // not reached
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OwnElsewhereIs knows what is in there.
func (c Cases) OwnElsewhereIs() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		err = signs.At("stop", signs.ErrBusy)
	}
	if errors.Is(err, signs.ErrBusy) {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// A bothError is two errors.
type bothError struct{ first, second error }

func (e *bothError) Error() string   { return e.first.Error() } // not reached
func (e *bothError) Unwrap() []error { return []error{e.first, e.second} }

func updateBoth(tx *sql.Tx) error {
	if _, err := tx.Exec("UPDATE gates SET open = 1"); err != nil {
		return &bothError{err, signs.ErrBusy}
	}
	return nil
}

// OwnBoth asks for one of two.
func (c Cases) OwnBoth() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := updateBoth(tx); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			_ = tx.Rollback() // not reached
			return nil        // not reached
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OwnElsewhereSame compares what another package has wrapped with what it is not.
func (c Cases) OwnElsewhereSame() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := updateAt(tx); err != nil {
		if err == signs.ErrGone {
			_ = tx.Rollback() // not reached
			return nil        // not reached
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
