package pgxv5

import "context"

// A connection that is taken of the pool must go back as well.

// ConnForgets gives it back by hand, but not where the update fails.
func (c Cases) ConnForgets(ctx context.Context, amount int) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		conn.Release()
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil || amount == 0 {
		return err // want `return leaves transaction tx open`
	}
	err = tx.Commit(ctx)
	conn.Release()
	return err
}

// ConnEnds does.
func (c Cases) ConnEnds(ctx context.Context, amount int) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		conn.Release()
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, amount, 1); err != nil || amount == 0 {
		_ = tx.Rollback(ctx)
		conn.Release()
		return err
	}
	err = tx.Commit(ctx)
	conn.Release()
	return err
}
