package gate

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	"txcases/yard"
)

// NoRows compares the error that the deferred literal looks at.
func (c Cases) NoRows() bool {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return false
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var id int
	err = tx.QueryRow("SELECT id FROM gates").Scan(&id)
	if err == sql.ErrNoRows {
		return true
	}
	if err != nil {
		return false
	}
	err = tx.Commit()
	return err == nil
}

// ListIsNot looks for elements here, and for a list there.
func (c Cases) ListIsNot() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var bad []string
	defer func() {
		if bad != nil {
			_ = tx.Rollback()
		}
	}()
	bad = c.bad()
	if len(bad) > 0 {
		return errFull
	}
	return tx.Commit()
}

func (c Cases) bad() []string {
	if c.p.Choose() {
		return []string{"hinge"}
	}
	return nil
}

// Joins asks a list by what is in it, and by its length.
func (c Cases) Joins() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var errs []error
	defer func() {
		if len(errs) > 0 {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("UPDATE gates SET open = 1"); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return tx.Commit()
}

// JoinsForgets has no deferred call.
func (c Cases) JoinsForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var errs []error
	if _, err := tx.Exec("UPDATE gates SET open = 1"); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func (c Cases) wrapped() (tx *sql.Tx, err error) {
	defer yard.Wrap(&err, "begin")
	t, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (c Cases) noted() (tx *sql.Tx, err error) {
	defer yard.Note(&err)
	return c.p.DB.Begin()
}

func (c Cases) recovered() (tx *sql.Tx, err error) {
	defer yard.Recover(&err)
	return c.p.DB.Begin()
}

// Wrapped begins where a deferred call describes the error.
func (c Cases) Wrapped() error {
	tx, err := c.wrapped()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Noted begins where one takes note of it.
func (c Cases) Noted() error {
	tx, err := c.noted()
	if err != nil {
		return err
	}
	return tx.Commit()
}

// Recovered begins where one may make it.
func (c Cases) Recovered() error {
	tx, err := c.recovered()
	if err != nil {
		return err
	}
	return tx.Commit()
}

// RowsTwice closes rows, and once more in a deferred call that looks at the error.
func (c Cases) RowsTwice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	rows, err := tx.Query("SELECT id FROM gates")
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	defer func() {
		if err := rows.Close(); err != nil {
			_, _ = fmt.Println("close:", err)
		}
	}()
	if c.p.Choose() {
		rows.Close()
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Written writes to a file that is closed in a deferred call.
func (c Cases) Written() error {
	f, err := os.CreateTemp("", "gate")
	if err != nil {
		return err // not reached
	}
	defer func() {
		if err := f.Close(); err != nil {
			_, _ = fmt.Println("close:", err)
		}
	}()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	fmt.Fprintf(f, "begun")
	if c.p.Choose() {
		return errFull // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// WrittenEnds ends the transaction by what came of the file.
func (c Cases) WrittenEnds() (err error) {
	f, err := os.CreateTemp("", "gate")
	if err != nil {
		return err // not reached
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if f.Close() != nil {
			_ = tx.Rollback()
			return // not reached
		}
		err = tx.Commit()
	}()
	fmt.Fprintf(f, "begun")
	return nil
}
