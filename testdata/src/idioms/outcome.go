package idioms

import (
	"context"
	"database/sql"
	"errors"
)

// OwnerCancels closes what the transaction depends on: its context.
func (c Cases) OwnerCancels(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err
	}
	return tx.Commit()
}

// OwnerCloses closes the connection below it, which waits for ever.
func (c Cases) OwnerCloses(ctx context.Context) error {
	conn, err := c.p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		_ = conn.Close()
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return errors.Join(tx.Commit(), conn.Close())
}

// ByOutcome decides by a variable that nobody returns.
func (c Cases) ByOutcome() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var outcome error
	defer func() {
		if outcome != nil {
			_ = tx.Rollback()
			return // not reached
		}
		_ = tx.Commit()
	}()
	return add(tx, "one")
}

// ByOutcomeHalf decides so and does one thing only.
func (c Cases) ByOutcomeHalf() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var outcome error
	defer func() {
		if outcome != nil {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	outcome = tx.Commit()
	return outcome
}

// BeforeBegin defers the end of a variable that is set later.
func (c Cases) BeforeBegin() error {
	var tx *sql.Tx
	done := false
	defer func() {
		if tx != nil && !done {
			_ = tx.Rollback()
		}
	}()
	if err := c.check(); err != nil {
		return err
	}
	var err error
	if tx, err = c.p.DB.Begin(); err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err
	}
	done = true
	return tx.Commit()
}

// BeforeBeginHidden sets another variable of that name.
func (c Cases) BeforeBeginHidden() error {
	var tx *sql.Tx
	defer func() {
		if tx != nil {
			_ = tx.Rollback()
		}
	}()
	if err := c.check(); err == nil {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := add(tx, "one"); err != nil {
			return err // want `return leaves transaction tx open`
		}
		return tx.Commit()
	}
	return nil
}
