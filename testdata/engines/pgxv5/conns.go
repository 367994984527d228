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

// PointEach begins a savepoint for each amount, and goes on without those that fail.
func (c Cases) PointEach(ctx context.Context, amounts []int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer rollback(ctx, tx)
	for _, amount := range amounts {
		sp, err := tx.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := sp.Exec(ctx, updateBalance, amount, 1); err != nil || amount == 0 {
			continue // want `next iteration leaves savepoint sp open`
		}
		if err := sp.Commit(ctx); err != nil {
			return err
		}
	}
	return tx.Commit(ctx) // want `return leaves savepoint sp open`
}

// PointEachEnds rolls those back.
func (c Cases) PointEachEnds(ctx context.Context, amounts []int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer rollback(ctx, tx)
	for _, amount := range amounts {
		sp, err := tx.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := sp.Exec(ctx, updateBalance, amount, 1); err != nil || amount == 0 {
			_ = sp.Rollback(ctx)
			continue
		}
		if err := sp.Commit(ctx); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}
