package databasesql

import (
	"database/sql"
	"errors"
)

// ContinueOpen goes on to the next item with the transaction of this one open.
func (c Cases) ContinueOpen() error {
	for _, id := range []int{1, 2} {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if c.p.Choose() {
			continue // want `next iteration leaves transaction tx open`
		}
		if _, err := tx.Exec("UPDATE items SET seen = 1 WHERE id = ?", id); err != nil {
			tx.Rollback()
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// ContinueRolledBack rolls back before it goes on.
func (c Cases) ContinueRolledBack() error {
	for _, id := range []int{1, 2} {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if c.p.Choose() {
			tx.Rollback()
			continue
		}
		if _, err := tx.Exec("UPDATE items SET seen = 1 WHERE id = ?", id); err != nil {
			tx.Rollback()
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// DeferInLoop piles up open transactions until the function returns.
func (c Cases) DeferInLoop() error {
	for n := range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if _, err := tx.Exec("INSERT INTO batch (n) VALUES (?)", n); err != nil {
			return err
		}
	} // want `next iteration leaves transaction tx open`
	return nil
}

// DeferInLoopBody gives each round a function of its own.
func (c Cases) DeferInLoopBody() error {
	for n := range 2 {
		err := func() error {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if _, err := tx.Exec("INSERT INTO batch (n) VALUES (?)", n); err != nil {
				return err
			}
			return tx.Commit()
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

// RetryOpen tries again without ending the try that failed.
func (c Cases) RetryOpen() (err error) {
	for range 2 {
		var tx *sql.Tx
		if tx, err = c.p.DB.Begin(); err != nil {
			continue
		}
		if _, err = tx.Exec("UPDATE jobs SET state = 'done'"); err == nil {
			return tx.Commit()
		}
	} // want `next iteration leaves transaction tx open`
	return err // want `return leaves transaction tx open`
}

// RetryRolledBack ends each try.
func (c Cases) RetryRolledBack() (err error) {
	for range 2 {
		var tx *sql.Tx
		if tx, err = c.p.DB.Begin(); err != nil {
			continue
		}
		if _, err = tx.Exec("UPDATE jobs SET state = 'done'"); err == nil {
			return tx.Commit()
		}
		_ = tx.Rollback()
	}
	return err
}

// GotoAgain jumps back to its Begin.
func (c Cases) GotoAgain() error {
again:
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		goto again // want `next iteration leaves transaction tx open`
	}
	return tx.Commit()
}

// GotoAgainRolledBack rolls back and jumps.
func (c Cases) GotoAgainRolledBack() error {
again:
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		_ = tx.Rollback()
		goto again
	}
	return tx.Commit()
}

// LabelledContinue leaves the inner loop for the next round of the outer one.
func (c Cases) LabelledContinue() error {
batches:
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		for range 2 {
			if _, err := tx.Exec("DELETE FROM queue LIMIT 10"); errors.Is(err, errLocked) {
				break
			} else if err != nil {
				continue batches // want `next iteration leaves transaction tx open`
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// BreakOpen leaves the loop, and then the function, with the transaction open.
func (c Cases) BreakOpen() error {
	var err error
	for {
		var tx *sql.Tx
		if tx, err = c.p.DB.Begin(); err != nil {
			break
		}
		if _, err = tx.Exec("DELETE FROM queue LIMIT 10"); err != nil {
			break
		}
		if err = tx.Commit(); err != nil {
			break
		}
		if c.p.Choose() {
			break
		}
	}
	return err // want `return leaves transaction tx open`
}

// BreakRolledBack ends it before the break.
func (c Cases) BreakRolledBack() error {
	var err error
	for {
		var tx *sql.Tx
		if tx, err = c.p.DB.Begin(); err != nil {
			break
		}
		if _, err = tx.Exec("DELETE FROM queue LIMIT 10"); err != nil {
			_ = tx.Rollback()
			break
		}
		if err = tx.Commit(); err != nil {
			break
		}
		if c.p.Choose() {
			break
		}
	}
	return err
}

// BeginOnceUseOften opens before the loop and ends after it.
func (c Cases) BeginOnceUseOften(ids []int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec("UPDATE items SET seen = 1 WHERE id = ?", id); err != nil {
			_ = tx.Rollback()
			return err
		}
		if c.p.Choose() {
			continue
		}
	}
	return tx.Commit()
}

// ReturnInsideLoop forgets the rollback in the middle of a loop.
func (c Cases) ReturnInsideLoop(ids []int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec("UPDATE items SET seen = 1 WHERE id = ?", id); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// BatchCommit commits every few rows and begins anew in the same variable.
func (c Cases) BatchCommit(ids []int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec("DELETE FROM items WHERE id = ?", id); err != nil {
			_ = tx.Rollback()
			return err
		}
		if c.p.Choose() {
			if err := tx.Commit(); err != nil {
				return err
			}
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}

// BatchOverwrite begins anew without the commit.
func (c Cases) BatchOverwrite() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		_ = tx.Rollback()
		return err
	}
	tx, err = c.p.DB.Begin() // want `overwriting leaves transaction tx open`
	if err != nil {
		return err
	}
	return tx.Commit()
}

// BatchTwice commits first.
func (c Cases) BatchTwice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	tx, err = c.p.DB.Begin()
	if err != nil {
		return err
	}
	return tx.Commit()
}

// BatchRetry tries again in a transaction of its own, and forgets the first.
func (c Cases) BatchRetry() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		if tx, err = c.p.DB.Begin(); err != nil { // want `overwriting leaves transaction tx open`
			return err
		}
	}
	return tx.Commit()
}

// BatchRetryEnded rolls the first back.
func (c Cases) BatchRetryEnded() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		_ = tx.Rollback()
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// LoopArray keeps what it begins in an array and ends it all (T10).
func (c Cases) LoopArray() error {
	var txs [2]*sql.Tx
	for i := range txs {
		tx, err := c.p.DB.Begin()
		if err != nil {
			for _, tx := range txs[:i] {
				tx.Rollback()
			}
			return err
		}
		txs[i] = tx
	}
	for _, tx := range txs {
		tx.Rollback()
	}
	return nil
}

// ArrayElements keeps two in an array and forgets the second.
func (c Cases) ArrayElements() error {
	var txs [2]*sql.Tx
	var err error
	if txs[0], err = c.p.DB.Begin(); err != nil {
		return err
	}
	defer txs[0].Rollback()
	if txs[1], err = c.p.DB.Begin(); err != nil {
		return err
	}
	if c.p.Choose() {
		return nil // want `return leaves transaction txs\[1\] open`
	}
	return txs[1].Commit()
}

// BatchUsed has a transaction wherever it forgets to end it.
func (c Cases) BatchUsed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for range c.p.Pick(3) {
		if _, err := tx.Exec("UPDATE stock SET n = n - 1"); err != nil || c.p.Choose() {
			return errStock // want `return leaves transaction tx open` `return leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	return tx.Commit()
}
