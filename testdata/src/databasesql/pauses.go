package databasesql

import "time"

// What waits with a transaction open.

// PauseForgets waits with the transaction open.
func (c Cases) PauseForgets() error {
	var failed error
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if failed = touch(tx); failed != nil {
			time.Sleep(time.Millisecond)
			continue // want `next iteration leaves transaction tx open`
		}
		return tx.Commit()
	}
	return failed // want `return leaves transaction tx open`
}

// PauseEnds does not.
func (c Cases) PauseEnds() error {
	var failed error
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if failed = touch(tx); failed != nil {
			_ = tx.Rollback()
			time.Sleep(time.Millisecond)
			continue
		}
		return tx.Commit()
	}
	return failed
}
