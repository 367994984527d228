package gate

import "txcases/signs"

// MultiDeferred asks for the errors at the end, and when it leaves.
func (c Cases) MultiDeferred() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var all *signs.Several
	defer func() {
		if all.ErrorOrNil() != nil {
			_ = tx.Rollback()
		}
	}()
	if err := touch(tx); err != nil {
		all = signs.Add(all, err)
	}
	if err := touch(tx); err != nil {
		all = signs.Add(all, err)
	}
	if err := all.ErrorOrNil(); err != nil {
		return err
	}
	return tx.Commit()
}

// MultiTwice asks twice.
func (c Cases) MultiTwice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	all := c.checked()
	if all.ErrorOrNil() != nil {
		_ = tx.Rollback()
	}
	if err := all.ErrorOrNil(); err != nil {
		return err
	}
	return tx.Commit()
}

// checked is what is wrong.
func (c Cases) checked() *signs.Several {
	if c.p.Choose() {
		return signs.Add(nil, errShut)
	}
	return nil
}

// MultiForgets adds an error of two.
func (c Cases) MultiForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var all *signs.Several
	defer func() {
		if all.ErrorOrNil() != nil {
			_ = tx.Rollback()
		}
	}()
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := touch(tx); err != nil {
		all = signs.Add(all, err)
	}
	if err := all.ErrorOrNil(); err != nil {
		return err
	}
	return tx.Commit()
}

// MultiOpposite rolls back where there are none.
func (c Cases) MultiOpposite() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	all := c.checked()
	if all.ErrorOrNil() == nil {
		_ = tx.Rollback()
	}
	if err := all.ErrorOrNil(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return nil
}
