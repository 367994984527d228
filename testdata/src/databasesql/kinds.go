package databasesql

import (
	"errors"
	"fmt"
)

var errUnsure = errors.New("nobody is sure")

// errOutdated wraps another one of the package.
var errOutdated = fmt.Errorf("outdated: %w", errUnsure)

// A stockError is a kind of error of this package.
type stockError struct{ item string }

func (e *stockError) Error() string   { return e.item + " is out of stock" } // not reached
func (e *stockError) Temporary() bool { return true }                        // not reached

// verify finds something wrong, or not.
func (c Cases) verify() error {
	if c.p.Choose() {
		return errUnsure
	}
	return nil
}

// count finds out of two ways what is wrong.
func (c Cases) count() error {
	switch {
	case c.p.Choose():
		return &stockError{"tea"}
	case c.p.Choose():
		return errUnsure
	}
	return nil
}

// KindDefault rolls back for a kind of error that it never gets.
func (c Cases) KindDefault() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.verify(); err != nil {
		switch e := err.(type) {
		case *stockError:
			_ = tx.Rollback()
			return e // not reached
		default:
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// KindEach rolls back for every kind.
func (c Cases) KindEach() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.count(); err != nil {
		switch e := err.(type) {
		case *stockError:
			_ = tx.Rollback()
			return e
		default:
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

// KindOther rolls back for one kind of two.
func (c Cases) KindOther() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.count(); err != nil {
		if e, ok := err.(*stockError); ok {
			_ = tx.Rollback()
			return e
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// KindNever goes by the kind that a variable of the package is not.
func (c Cases) KindNever() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if _, ok := err.(*stockError); !ok && err != nil {
			_ = tx.Rollback()
		}
	}()
	if c.p.Choose() {
		return errOutdated
	}
	return tx.Commit()
}

// KindMethod asks for a method that only the other kind has.
func (c Cases) KindMethod() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.verify(); err != nil {
		if t, ok := err.(interface{ Temporary() bool }); ok && t.Temporary() {
			_ = tx.Rollback()
			return nil // not reached
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// KindAny takes what every error has for a kind.
func (c Cases) KindAny() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.verify(); err != nil {
		if _, ok := err.(interface{ Error() string }); ok {
			_ = tx.Rollback()
		}
		return err
	}
	return tx.Commit()
}
