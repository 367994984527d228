package idioms

import (
	"database/sql"
	"sync"
)

// A writer runs functions that write, one way or another.
type writer interface {
	Do(tx *sql.Tx, f func(tx *sql.Tx) error) error
}

type freely struct{}

func (freely) Do(tx *sql.Tx, f func(tx *sql.Tx) error) error { return f(tx) }

type inTurn struct{ mu sync.Mutex }

func (w *inTurn) Do(tx *sql.Tx, f func(tx *sql.Tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return f(tx)
}

var writers = []writer{freely{}, new(inTurn)}

// An update is a transaction that its owner ends.
type update struct{ tx *sql.Tx }

// newUpdate rolls back when it fails.
func newUpdate(tx *sql.Tx) (*update, error) {
	if err := add(tx, "update"); err != nil {
		tx.Rollback()
		return nil, err
	}
	return &update{tx}, nil
}

// newUpdateOnly does not.
func newUpdateOnly(tx *sql.Tx) (*update, error) {
	if err := add(tx, "update"); err != nil {
		return nil, err
	}
	return &update{tx}, nil
}

// Update keeps what the function made of the transaction that it was lent.
func (c Cases) Update() (*update, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	var u *update
	_ = writers[1].Do(tx, func(tx *sql.Tx) error {
		u, err = newUpdate(tx)
		return err
	})
	return u, err
}

// UpdateForgets has nothing to keep when the function fails.
func (c Cases) UpdateForgets() (*update, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	var u *update
	_ = writers[1].Do(tx, func(tx *sql.Tx) error {
		u, err = newUpdateOnly(tx)
		return err
	})
	return u, err // want `return leaves transaction tx open`
}

// UpdateEnds ends it in the function.
func (c Cases) UpdateEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return writers[0].Do(tx, func(tx *sql.Tx) error {
		if err := add(tx, "update"); err != nil {
			tx.Rollback()
			return err
		}
		return tx.Commit()
	})
}

// UpdateWrites ends it afterwards, if all is well.
func (c Cases) UpdateWrites() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = writers[0].Do(tx, func(tx *sql.Tx) error { return add(tx, "update") })
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
