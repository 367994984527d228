package pgxv5

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// BeginShort has a context for the Begin alone, which is over when it has returned: a
// rollback needs the other one.
func (c Cases) BeginShort(ctx context.Context, amount int) error {
	short, cancel := context.WithTimeout(ctx, time.Minute)
	tx, err := c.pool.Begin(short)
	cancel()
	if err != nil {
		return err
	}
	if amount == 0 {
		return errPoor // want `return leaves transaction tx open`
	}
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// BeginShortEnds rolls back with the other one.
func (c Cases) BeginShortEnds(ctx context.Context, amount int) error {
	short, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tx, err := c.pool.Begin(short)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// BeginWithout makes the context of the Begin in the call.
func (c Cases) BeginWithout(ctx context.Context, amount int) error {
	tx, err := c.pool.Begin(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// open begins without a context of the caller's.
func (c Cases) open() (pgx.Tx, error) { return c.pool.Begin(context.Background()) }

// OpenBackground has none of its own either.
func (c Cases) OpenBackground(amount int) error {
	tx, err := c.open()
	if err != nil {
		return err
	}
	if amount == 0 {
		return errPoor // want `return leaves transaction tx open`
	}
	return tx.Commit(context.Background())
}

// CommitLonger gives its commit a context that is made further below: the rollback takes
// that of the Begin.
func (c Cases) CommitLonger(ctx context.Context, amount int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	long, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	return tx.Commit(long)
}
