package pgxv5

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// rollback has time of its own for it, and logs what goes wrong.
func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		slog.ErrorContext(ctx, "rollback", "err", err)
	}
}

// Undone defers the helper of the file.
func (c Cases) Undone(ctx context.Context, amount int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer rollback(ctx, tx)
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// UndoneOnce calls it on one way out of two.
func (c Cases) UndoneOnce(ctx context.Context, amount int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil {
		rollback(ctx, tx)
		return err
	}
	if amount == 0 {
		return errPoor // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// UndoneEach does so in rounds.
func (c Cases) UndoneEach(ctx context.Context, amounts []int) error {
	for _, amount := range amounts {
		tx, err := c.pool.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil {
			rollback(ctx, tx)
			return err
		}
		if c.p.Choose() {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}
