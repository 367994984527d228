package gate

import (
	"errors"
	"fmt"

	"txcases/signs"
)

// step fails in one of the ways of a server.
func (c Cases) step() error { return signs.Steps["step"](c.p.Pick(5)) }

// ByNumber forgets the rollback for one number.
func (c Cases) ByNumber() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.step(); err != nil {
		var said *signs.ServerError
		if errors.As(err, &said) && said.Number == 1062 {
			return signs.ErrBusy // want `return leaves transaction tx open`
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// ByText forgets it for all that a server says.
func (c Cases) ByText() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.step(); err != nil {
		var said *signs.ServerError
		if errors.As(err, &said) {
			return fmt.Errorf("server: %s", said.Text) // want `return leaves transaction tx open`
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// ByStatus forgets it for an error that is a number.
func (c Cases) ByStatus() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.step(); err != nil {
		var status signs.Status
		if errors.As(err, &status) && status == 5 {
			return nil // want `return leaves transaction tx open`
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// ByState looks for a method.
func (c Cases) ByState() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.step(); err != nil {
		var state interface{ SQLState() string }
		switch {
		case errors.As(err, &state) && state.SQLState() == "1062":
			return signs.ErrBusy // want `return leaves transaction tx open`
		case errors.As(err, &state):
			_ = tx.Rollback()
			return signs.ErrGone
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// NotOne looks for the opposite.
func (c Cases) NotOne() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.step(); err != nil {
		said := new(signs.ServerError)
		if !errors.As(err, &said) {
			_ = tx.Rollback()
			return err
		}
		if said.Number != 1062 {
			_ = tx.Rollback()
		}
		return said // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ByPredicate asks a function of another package.
func (c Cases) ByPredicate() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.step(); err != nil {
		if signs.IsDuplicate(err) {
			return nil // want `return leaves transaction tx open`
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// AskedTwice asks the same in two places.
func (c Cases) AskedTwice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = c.step()
	var said *signs.ServerError
	if errors.As(err, &said) && said.Number == 1062 {
		_ = tx.Rollback()
	}
	if errors.As(err, &said) && said.Number == 1062 {
		return signs.ErrBusy
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Copied looks at what was copied.
func (c Cases) Copied(mark string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	head := make([]byte, 1)
	copy(head, mark)
	if head[0] == 0 {
		return signs.ErrBusy // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
