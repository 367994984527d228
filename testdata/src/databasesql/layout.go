package databasesql

import (
	"database/sql"
	"errors"
	"fmt"
)

// The cases of this file are one function, written in several ways: renewing a
// lease, which must be rolled back when nobody holds it.

// LayoutEarly returns early.
func (c Cases) LayoutEarly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("UPDATE lease SET until = 1"); err != nil {
		return fmt.Errorf("renew: %w", err) // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LayoutNested nests instead.
func (c Cases) LayoutNested() error {
	tx, err := c.p.DB.Begin()
	if err == nil {
		if _, err = tx.Exec("UPDATE lease SET until = 1"); err == nil {
			return tx.Commit()
		}
		return fmt.Errorf("renew: %w", err) // want `return leaves transaction tx open`
	}
	return err
}

// LayoutOneReturn has one return for all.
func (c Cases) LayoutOneReturn() (err error) {
	var tx *sql.Tx
	if tx, err = c.p.DB.Begin(); err == nil {
		if _, err = tx.Exec("UPDATE lease SET until = 1"); err == nil {
			err = tx.Commit()
		} else {
			err = fmt.Errorf("renew: %w", err)
		}
	}
	return // want `return leaves transaction tx open`
}

// LayoutTall breaks its lines wherever it can.
func (c Cases) LayoutTall() error {
	tx,
		err := c.p.DB.Begin()
	if err !=
		nil {
		return err
	}
	if _, err = tx.Exec(
		"UPDATE lease SET until = 1",
	); err != nil {
		return fmt.Errorf( // want `return leaves transaction tx open`
			"renew: %w",
			err,
		)
	}
	return tx.
		Commit()
}

// LayoutYoda tests the other way round, in parentheses.
func (c Cases) LayoutYoda() error {
	tx, err := (c.p.DB).Begin()
	if nil != (err) {
		return (err)
	}
	if _, err = (tx).Exec("UPDATE lease SET until = 1"); !(nil == err) {
		return (fmt.Errorf("renew: %w", (err))) // want `return leaves transaction tx open`
	}
	return (tx.Commit())
}

// LayoutSwitch uses a switch for everything.
func (c Cases) LayoutSwitch() error {
	tx, err := c.p.DB.Begin()
	switch err {
	case nil:
		switch _, err = tx.Exec("UPDATE lease SET until = 1"); {
		default:
			return fmt.Errorf("renew: %w", err) // want `return leaves transaction tx open`
		case err == nil:
		}
		return tx.Commit()
	default:
		return err
	}
}

// LayoutBlocks opens a block for each step.
func (c Cases) LayoutBlocks() error {
	var tx *sql.Tx
	{
		var err error
		tx, err = c.p.DB.Begin()
		if err != nil {
			return err
		}
	}
	{
		_, err := tx.Exec("UPDATE lease SET until = 1")
		if err != nil {
			return fmt.Errorf("renew: %w", err) // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// LayoutRenamed uses other names for everything.
func (c Cases) LayoutRenamed() (problem error) {
	work, problem := c.p.DB.Begin()
	if problem != nil {
		return problem
	}
	if _, problem = work.Exec("UPDATE lease SET until = 1"); problem != nil {
		return fmt.Errorf("renew: %w", problem) // want `return leaves transaction work open`
	}
	return work.Commit()
}

// LayoutVars names each value before it is used.
func (c Cases) LayoutVars() error {
	db := c.p.DB
	begin := db.Begin
	tx, err := begin()
	failed := err != nil
	if failed {
		return err
	}
	_, err = tx.Exec("UPDATE lease SET until = 1")
	failed = err != nil
	if failed {
		err = fmt.Errorf("renew: %w", err)
		return err // want `return leaves transaction tx open`
	}
	err = tx.Commit()
	return err
}

// LayoutGoto is how a compiler would write it.
func (c Cases) LayoutGoto() error {
	tx, err := c.p.DB.Begin()
	if err == nil {
		goto renew
	}
	return err
renew:
	_, err = tx.Exec("UPDATE lease SET until = 1")
	if err == nil {
		goto commit
	}
	return fmt.Errorf("renew: %w", err) // want `return leaves transaction tx open`
commit:
	return tx.Commit()
}

// LayoutMended rolls back, early.
func (c Cases) LayoutMended() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("UPDATE lease SET until = 1"); err != nil {
		return errors.Join(fmt.Errorf("renew: %w", err), tx.Rollback())
	}
	return tx.Commit()
}

// LayoutOneReturnMended rolls back, with one return for all.
func (c Cases) LayoutOneReturnMended() (err error) {
	var tx *sql.Tx
	if tx, err = c.p.DB.Begin(); err == nil {
		if _, err = tx.Exec("UPDATE lease SET until = 1"); err == nil {
			err = tx.Commit()
		} else {
			err = errors.Join(err, tx.Rollback())
		}
	}
	return
}

// LayoutVarsMended rolls back, with a name for each value.
func (c Cases) LayoutVarsMended() error {
	db := c.p.DB
	begin := db.Begin
	tx, err := begin()
	failed := err != nil
	if failed {
		return err
	}
	_, err = tx.Exec("UPDATE lease SET until = 1")
	failed = err != nil
	if failed {
		rollback := tx.Rollback
		_ = rollback()
		return err
	}
	err = tx.Commit()
	return err
}
