package databasesql

import "database/sql"

// Transactions that some paths leave an exit, or a round of a loop, with and end
// afterwards. What mends the other paths must leave those alone.

// LaterInRounds ends them all when it returns: too late for all but the last.
func (c Cases) LaterInRounds() error {
	other, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer other.Rollback()
rounds:
	for range c.p.Pick(3) {
		if c.p.Choose() {
			continue rounds
		}
		var tx *sql.Tx
		defer func() {
			if tx != nil {
				_ = tx.Rollback()
			}
		}()
		tx, err = c.p.DB.Begin()
		if err != nil {
			break
		}
		if _, err := tx.Exec("DELETE FROM items"); err != nil {
			continue rounds // want `next iteration leaves transaction tx open`
		}
		_ = tx.Rollback()
	}
	return errStock
}

// LaterDecided commits, in its rounds and afterwards, what went well.
func (c Cases) LaterDecided() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		} else {
			err = tx.Commit()
		}
	}()
	for range c.p.Pick(3) {
		var part *sql.Tx
		defer func() {
			if part != nil {
				_ = part.Rollback()
			}
		}()
		part, err = c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err = touch(tx); err != nil {
			return err
		}
	} // want `next iteration leaves transaction part open`
	return nil
}

// LaterSometimes has a deferred call that ends the transaction or does not.
func (c Cases) LaterSometimes() (err error) {
	var tx *sql.Tx
	defer func() {
		if c.p.Choose() {
			return
		}
		if tx != nil {
			_ = tx.Rollback()
		}
	}()
	tx, err = c.p.DB.Begin()
	if err != nil {
		return err
	}
	part, err := c.p.DB.Begin()
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := touch(part); err != nil {
		return err // want `return leaves transaction tx open` `return leaves transaction part open`
	}
	if err := part.Commit(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LaterSecond has one for the second transaction, and returns the first.
func (c Cases) LaterSecond() (*sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	var part *sql.Tx
	defer func() {
		if c.p.Choose() {
			return
		}
		if part != nil {
			_ = part.Rollback()
		}
	}()
	part, err = c.p.DB.Begin()
	if err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil // want `return leaves transaction part open`
}

// LaterInOrder has one that runs behind the end of another transaction.
func (c Cases) LaterInOrder() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if c.p.Choose() {
			_ = tx.Rollback()
		}
	}()
	part, err := c.p.DB.Begin()
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer part.Rollback()
	if err := touch(part); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LaterCommitted has a deferred call, above the Begin, that commits what went well.
func (c Cases) LaterCommitted() error {
	var tx *sql.Tx
	done := false
	defer func() {
		if done {
			_ = tx.Commit()
		}
	}()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		done = true
	}
	return nil // want `return leaves transaction tx open`
}

// LaterBehind commits behind the loop what the last round has left open.
func (c Cases) LaterBehind() error {
	var tx *sql.Tx
	var err error
	for range 1 + c.p.Pick(2) {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
		if touch(tx) != nil {
			continue // want `next iteration leaves transaction tx open`
		}
		_ = tx.Rollback()
	}
	return tx.Commit()
}

// LaterOutOfBlock leaves the block that knows the transaction by its end, too.
func (c Cases) LaterOutOfBlock() error {
again:
	{
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if c.p.Choose() {
			goto again // want `next iteration leaves transaction tx open`
		}
		if touch(tx) != nil {
			return tx.Commit()
		}
	}
	return nil // want `return leaves transaction tx open`
}

// LaterInnerLoop leaves an inner loop first, and ends the transaction behind that.
func (c Cases) LaterInnerLoop() error {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		for range 2 {
			if touch(tx) != nil {
				break
			}
		}
		if c.p.Choose() {
			break
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// LaterFunc ends the last one by a function that came with it, behind a commit.
func (c Cases) LaterFunc() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for range c.p.Pick(3) {
		part, end, err := c.opened()
		if err != nil {
			_ = tx.Rollback()
			return err
		}
		defer end()
		if touch(part) != nil {
			continue // want `next iteration leaves transaction part open`
		}
		_ = part.Commit()
	}
	return tx.Commit()
}

// opened begins, and returns what rolls back.
func (c Cases) opened() (*sql.Tx, func(), error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, func() {}, err
	}
	return tx, func() { _ = tx.Rollback() }, nil
}
