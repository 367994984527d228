package idioms

import (
	"database/sql"
	"sync/atomic"
)

// onceTx rolls back once.
type onceTx struct {
	*sql.Tx
	done atomic.Bool
}

func (t *onceTx) Rollback() error {
	if t.done.Swap(true) {
		return nil
	}
	return t.Tx.Rollback()
}

func (c Cases) swapped() (*onceTx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	t := &onceTx{Tx: tx}
	if err := c.log(); err != nil {
		_ = t.Rollback()
		return nil, err
	}
	return t, nil
}

// Swapped rolls back through the wrapper, twice.
func (c Cases) Swapped() error {
	t, err := c.swapped()
	if err != nil {
		return err
	}
	defer t.Rollback()
	if err := c.log(); err != nil {
		_ = t.Rollback()
		return err
	}
	return t.Commit()
}

// SwappedForgotten forgets to.
func (c Cases) SwappedForgotten() error {
	t, err := c.swapped()
	if err != nil {
		return err
	}
	if err := c.log(); err != nil {
		return err // want `return leaves transaction t open`
	}
	return t.Rollback()
}

// SwappedLooked asks whether it is done.
func (c Cases) SwappedLooked() error {
	t, err := c.swapped()
	if err != nil {
		return err
	}
	defer func() {
		if !t.done.Load() {
			_ = t.Rollback()
		}
	}()
	if err := c.log(); err != nil {
		return err
	}
	t.done.Store(true)
	return t.Commit()
}
