package gorm

import "errors"

// Where the error of a Begin is looked at.

var errSold = errors.New("sold out")

// HeadForgets has the error in the head of the check.
func (c Cases) HeadForgets() error {
	tx := c.db.Begin()
	if err := tx.Error; err != nil {
		return err
	}
	if c.p.Choose() {
		return errSold // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// HeadEnds defers the rollback below it.
func (c Cases) HeadEnds() error {
	tx := c.db.Begin()
	if err := tx.Error; err != nil {
		return err
	}
	defer tx.Rollback()
	if c.p.Choose() {
		return errSold
	}
	return tx.Commit().Error
}

// VariableForgets has it in a variable.
func (c Cases) VariableForgets() (err error) {
	tx := c.db.Begin()
	err = tx.Error
	if err != nil {
		return err
	}
	if err = tx.Create(&Order{}).Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// RecoverForgets rolls back after a panic, and on one way out of two.
func (c Cases) RecoverForgets() error {
	tx := c.db.Begin()
	defer func() {
		if r := recover(); r != nil {
			tx.Rollback()
			panic(r)
		}
	}()

	if err := tx.Error; err != nil {
		return err
	}

	if err := tx.Create(&Order{}).Error; err != nil {
		tx.Rollback()
		return err
	}
	if c.p.Choose() {
		return errSold // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// DecideForgets commits in what it defers above the check, unless it has been told not to: a
// rollback must come after that.
func (c Cases) DecideForgets() (err error) {
	tx := c.db.Begin()
	keep := false
	defer func() {
		if err == nil && !keep {
			err = tx.Commit().Error
		}
	}()
	if err := tx.Error; err != nil {
		return err
	}
	if c.p.Choose() {
		keep = true
		return nil // want `return leaves transaction tx open`
	}
	return nil
}
