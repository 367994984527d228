package gate

import "othercases/txkit/many"

// MultiOther has the errors of another module.
func (c Cases) MultiOther() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var all *many.Errors
	defer func() {
		if all.ErrorOrNil() != nil {
			_ = tx.Rollback()
		}
	}()
	if err := touch(tx); err != nil {
		all = many.Append(all, err)
	}
	if err := all.ErrorOrNil(); err != nil {
		return err
	}
	return tx.Commit()
}

// MultiCounted asks how many they are.
func (c Cases) MultiCounted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var all *many.Errors
	if err := touch(tx); err != nil {
		all = many.Append(all, err)
	}
	if all.Len() > 0 {
		_ = tx.Rollback()
	}
	if all.Len() > 0 {
		return all
	}
	return tx.Commit()
}

// MultiUncounted returns what it has not rolled back.
func (c Cases) MultiUncounted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var all *many.Errors
	if err := touch(tx); err != nil {
		all = many.Append(all, err)
	}
	if all.Len() > 0 {
		return all // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
