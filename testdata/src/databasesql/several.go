package databasesql

import (
	"context"
	"database/sql"
	"time"
)

// JoinOrOpen sells once in a transaction of its own, once in its caller's.
func (c Cases) JoinOrOpen() error {
	if err := c.sell(nil); err != nil {
		return err
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := c.sell(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// sell takes part in a given transaction or opens one of its own.
func (c Cases) sell(given *sql.Tx) error {
	tx := given
	if given == nil {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
		defer tx.Rollback()
	}
	if _, err := tx.Exec("UPDATE stock SET n = n - 1"); err != nil {
		return err
	}
	if given == nil {
		return tx.Commit()
	}
	return nil
}

// JoinOrForget does the same with the forgetful sister.
func (c Cases) JoinOrForget() error {
	if err := c.sellForgetful(nil); err != nil {
		return err
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := c.sellForgetful(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// sellForgetful returns its error before it asks whose transaction it is.
func (c Cases) sellForgetful(given *sql.Tx) error {
	tx := given
	if given == nil {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if _, err := tx.Exec("UPDATE stock SET n = n - 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if given == nil {
		return tx.Commit()
	}
	return nil
}

// TwoAtOnce rolls back the one and forgets the other.
func (c Cases) TwoAtOnce() error {
	from, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer from.Rollback()
	to, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := from.Exec("UPDATE accounts SET n = n - 1"); err != nil {
		return err // want `return leaves transaction to open`
	}
	if _, err := to.Exec("UPDATE accounts SET n = n + 1"); err != nil {
		_ = to.Rollback()
		return err
	}
	if err := from.Commit(); err != nil {
		_ = to.Rollback()
		return err
	}
	return to.Commit()
}

// TwoAtOnceDeferred rolls back both.
func (c Cases) TwoAtOnceDeferred() error {
	from, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer from.Rollback()
	to, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer to.Rollback()
	if _, err := from.Exec("UPDATE accounts SET n = n - 1"); err != nil {
		return err
	}
	if _, err := to.Exec("UPDATE accounts SET n = n + 1"); err != nil {
		return err
	}
	if err := from.Commit(); err != nil {
		return err
	}
	return to.Commit()
}

// BothForgotten leaves two transactions open on one line.
func (c Cases) BothForgotten() error {
	from, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	to, err := c.p.DB.Begin()
	if err != nil {
		_ = from.Rollback()
		return err
	}
	if _, err := to.Exec("UPDATE accounts SET n = n + 1"); err != nil {
		return err // want `return leaves transaction from open` `return leaves transaction to open`
	}
	_ = from.Commit()
	return to.Commit()
}

// EitherBegin opens the one variable in two places.
func (c Cases) EitherBegin(ctx context.Context, readOnly bool) error {
	begin := time.Now()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if readOnly && err != nil {
		tx, err = c.p.DB.Begin()
	}
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if time.Since(begin) < 0 {
		return nil // not reached
	}
	return tx.Commit()
}

// EitherBeginForgotten forgets it whichever it was.
func (c Cases) EitherBeginForgotten(ctx context.Context, readOnly bool) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if readOnly && err != nil {
		tx, err = c.p.DB.Begin()
	}
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errLocked // want `return leaves transaction tx open: .*BeginTx` `return leaves transaction tx open: .*Begin on`
	}
	return tx.Commit()
}

// Copied has two names for one transaction.
func (c Cases) Copied() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	same := tx
	if _, err := same.Exec("DELETE FROM carts"); err != nil {
		_ = same.Rollback()
		return err
	}
	return tx.Commit()
}

// NestedScope declares a second tx that hides the first.
func (c Cases) NestedScope() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err // want `return leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}
