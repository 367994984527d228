package databasesql

import "database/sql"

// ListForgotten puts the transaction into a slice that dies with the function.
func (c Cases) ListForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	list := make([]*sql.Tx, 1)
	list[0] = tx
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return list[0].Rollback()
}

// MapForgotten does so with a map.
func (c Cases) MapForgotten() error {
	m := map[string]*sql.Tx{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	m["a"] = tx
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	for _, tx := range m {
		_ = tx.Rollback()
	}
	return nil
}

// ChannelForgotten does so with a channel.
func (c Cases) ChannelForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ch := make(chan *sql.Tx, 1)
	ch <- tx
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return (<-ch).Rollback()
}

// GatherForgetful gathers transactions and forgets them when it fails.
func (c Cases) GatherForgetful() error {
	var txs []*sql.Tx
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		txs = append(txs, tx)
	} // want `next iteration leaves transaction tx open`
	for _, tx := range txs {
		_ = tx.Rollback()
	}
	return nil
}

// GatherAndEnd ends them on every way out, with all of them open until then.
func (c Cases) GatherAndEnd() error {
	var txs []*sql.Tx
	defer func() {
		for _, tx := range txs {
			_ = tx.Rollback()
		}
	}()
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		txs = append(txs, tx)
	} // limit L4 misses `next iteration leaves transaction tx open`
	return nil
}

// GatherLastly passes them to a function that ends them.
func (c Cases) GatherLastly() error {
	var txs []*sql.Tx
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			endAll(txs...)
			return err
		}
		txs = append(txs, tx)
	}
	endAll(txs...)
	return nil
}

func endAll(txs ...*sql.Tx) {
	for _, tx := range txs {
		_ = tx.Rollback()
	}
}

// GatherReturned gives them to the caller.
func (c Cases) GatherReturned() (map[int]*sql.Tx, error) {
	txs := map[int]*sql.Tx{}
	for i := range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return txs, err
		}
		txs[i] = tx
	}
	return txs, nil
}

// UndoList keeps what to do in the end.
func (c Cases) UndoList() error {
	var undo []func()
	defer func() {
		for _, f := range undo {
			f()
		}
	}()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	undo = append(undo, func() { _ = tx.Rollback() })
	return touch(tx)
}

// Pair has two transactions in an array, and ends both in a loop.
func (c Cases) Pair() error {
	var pair [2]*sql.Tx
	var err error
	if pair[0], err = c.p.DB.Begin(); err != nil {
		return err
	}
	if pair[1], err = c.p.DB.Begin(); err != nil {
		return err // want `return leaves transaction pair\[0\] open`
	}
	for i := range pair {
		_ = pair[i].Rollback()
	}
	return nil
}

// PairOfOne has room for two, and uses one.
func (c Cases) PairOfOne() error {
	var pair [2]*sql.Tx
	var err error
	if pair[1], err = c.p.DB.Begin(); err != nil {
		return err
	}
	for _, tx := range pair {
		if tx != nil {
			_ = tx.Rollback()
		}
	}
	return nil
}

// Batches commits after the second item and begins anew: that is no longer the
// second item.
func (c Cases) Batches() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for i := range c.p.Pick(4) {
		if i == 1 {
			if c.p.Choose() {
				_ = tx.Rollback()
				return errStock
			}
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

// LastAttempt fails on the last of three attempts: there is no fourth.
func (c Cases) LastAttempt() error {
	for i := 0; i < 3; i++ {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := touch(tx); err == nil {
			return tx.Commit()
		}
		if i < 2 {
			_ = tx.Rollback()
			continue
		}
		return errLocked // want `return leaves transaction tx open`
	}
	return nil // not reached
}

// descend only uses the transaction, however deep it goes.
func descend(tx *sql.Tx, depth int) error {
	if depth == 0 {
		return touch(tx)
	}
	return descend(tx, depth-1)
}

// Recursive lends the transaction to a function that calls itself.
func (c Cases) Recursive() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := descend(tx, 2); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// dig finishes the transaction when it has gone deep enough.
func dig(tx *sql.Tx, depth int) error {
	if depth > 0 {
		return dig(tx, depth-1)
	}
	return tx.Rollback()
}

// RecursiveEnd has it finished in the end.
func (c Cases) RecursiveEnd() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return dig(tx, 2)
}
