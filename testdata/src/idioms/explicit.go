package idioms

import (
	"errors"
	"fmt"
)

// EachBranch rolls back before each return.
func (c Cases) EachBranch(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if name == "" {
		tx.Rollback()
		return errInput
	}
	if err := add(tx, name); err != nil {
		if rollback := tx.Rollback(); rollback != nil {
			return fmt.Errorf("%w, and %w", err, rollback)
		}
		return err
	}
	return tx.Commit()
}

// EachBranchButOne rolls back before each return that was there at first.
func (c Cases) EachBranchButOne(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if name == "" {
		return errInput // want `return leaves transaction tx open`
	}
	if err := add(tx, name); err != nil {
		if rollback := tx.Rollback(); rollback != nil {
			return fmt.Errorf("%w, and %w", err, rollback)
		}
		return err
	}
	return tx.Commit()
}

// Straight has nothing in between that could return.
func (c Cases) Straight() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	added := add(tx, "straight")
	return errors.Join(added, tx.Commit())
}

// StraightEnd has forgotten what it came for.
func (c Cases) StraightEnd() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return add(tx, "straight") // want `return leaves transaction tx open`
}

// GoesOn rolls back and goes on to a commit that fails.
func (c Cases) GoesOn() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		_ = tx.Rollback()
	}
	if err := add(tx, "two"); err != nil {
		_ = tx.Rollback()
	}
	return tx.Commit()
}

// GoesOnAndOut rolls back, goes on, and leaves by another door.
func (c Cases) GoesOnAndOut() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		_ = tx.Rollback()
	}
	if err := add(tx, "two"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CommitFails rolls back after a commit that failed, to be sure.
func (c Cases) CommitFails() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return nil
}

// CommitFailsOnly rolls back there and not before.
func (c Cases) CommitFailsOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return nil
}

// NotBegun cleans up after a Begin that failed, with a helper that minds nil.
func (c Cases) NotBegun() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		if tx != nil {
			_ = tx.Rollback() // nothing to roll back
		}
		return err
	}
	return errors.Join(add(tx, "one"), tx.Commit())
}

// NotBegunOnly cleans up there and nowhere else.
func (c Cases) NotBegunOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		if tx != nil {
			_ = tx.Rollback()
		}
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// must panics when there is an error.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Operand commits inside the argument of a call.
func (c Cases) Operand() {
	tx, err := c.p.DB.Begin()
	must(err)
	must(add(tx, "one"))
	must(tx.Commit())
}

// OperandOf passes on what it should call.
func (c Cases) OperandOf() {
	tx, err := c.p.DB.Begin()
	must(err)
	must(add(tx, "one"))
	if c.p.Choose() {
		must(c.check())
		return // want `return leaves transaction tx open`
	}
	must(tx.Commit())
}

// Beside works on the database while a transaction is open.
func (c Cases) Beside() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := c.p.DB.Exec("UPDATE hits SET n = n + 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// BesideOnly forgets that one is open.
func (c Cases) BesideOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := c.p.DB.Exec("UPDATE hits SET n = n + 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
