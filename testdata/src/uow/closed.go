package uow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Errors of this package, some of which stand for the one of the library.
var (
	errOver    = errors.New("the work is over")
	errExpired = fmt.Errorf("expired: %w", sql.ErrTxDone)
	errRefused = errors.New("refused")
)

// known puts the errors of this package in the place of others.
func known(err error) error {
	switch {
	case errors.Is(err, sql.ErrTxDone):
		return errOver // not reached
	case errors.Is(err, sql.ErrNoRows):
		return errRefused
	}
	return err
}

func work(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "UPDATE items SET n = 1")
	return known(err)
}

func price(ctx context.Context, tx *sql.Tx) error {
	var n int
	return known(tx.QueryRowContext(ctx, "SELECT n FROM items").Scan(&n))
}

// OverAlready has nothing to end where the work is over.
func (c Cases) OverAlready(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := work(ctx, tx); err == errOver {
		return err // not reached
	} else if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// RefusedAlready takes another error for that.
func (c Cases) RefusedAlready(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := price(ctx, tx); err == errRefused {
		return err // want `return leaves transaction tx open`
	} else if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// OverOnly ends it only where it is over.
func (c Cases) OverOnly(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	switch err := work(ctx, tx); {
	case errors.Is(err, errOver):
		return tx.Rollback() // not reached
	case err != nil:
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func expiring(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "UPDATE items SET n = 2")
	if errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("items: %w", errExpired) // not reached
	}
	return err
}

// Expired deserves no rollback.
func (c Cases) Expired(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && !errors.Is(err, errExpired) {
			_ = tx.Rollback()
		}
	}()
	if err := expiring(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}
