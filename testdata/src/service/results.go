package service

import (
	"context"

	"txcases/store"
)

// Updated returns when the helper does: it has rolled back then.
func (c Cases) Updated(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Update(ctx, tx, "DELETE FROM carts"); err != nil {
		return err
	}
	if err := store.Update(ctx, tx, "DELETE FROM orders"); err != nil {
		return err
	}
	return tx.Commit()
}

// UpdatedAndAdded takes another helper for one of that kind.
func (c Cases) UpdatedAndAdded(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Update(ctx, tx, "DELETE FROM carts"); err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UpdatedAnyway does not look at what the helper returns.
func (c Cases) UpdatedAnyway(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	_ = store.Update(ctx, tx, "DELETE FROM carts")
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UpdatedTwice goes on after a failure, which does no harm.
func (c Cases) UpdatedTwice(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	err = store.Update(ctx, tx, "DELETE FROM carts")
	if err == nil {
		err = store.Update(ctx, tx, "DELETE FROM orders")
	}
	if err == nil {
		err = tx.Commit()
	}
	return err
}

// UpdatedInLoop leaves the loop with what the helper has finished.
func (c Cases) UpdatedInLoop(ctx context.Context, ids []int) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := store.Update(ctx, tx, "DELETE FROM carts WHERE id = ?", id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// UpdatedInLoopStops leaves it for a reason of its own.
func (c Cases) UpdatedInLoopStops(ctx context.Context, ids []int) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if id == 2 {
			return errBusy // want `return leaves transaction tx open`
		}
		if err := store.Update(ctx, tx, "DELETE FROM carts WHERE id = ?", id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Checked rolls back when the commit was refused.
func (c Cases) Checked(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.CommitChecked(ctx, tx); err != nil {
		store.Rollback(tx)
		return err
	}
	return nil
}

// CheckedOnly believes that a commit is always the end.
func (c Cases) CheckedOnly(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	return store.CommitChecked(ctx, tx) // want `return leaves transaction tx open`
}

// CheckedAfterAll has rolled back by the time of the second return.
func (c Cases) CheckedAfterAll(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	err = store.CommitChecked(ctx, tx)
	if err == nil {
		return nil
	}
	return store.Abort(tx, err, "check")
}

// Settled rolls back unless the helper could commit.
func (c Cases) Settled(ctx context.Context) bool {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return false
	}
	if store.Settle(ctx, tx) {
		return true
	}
	_ = tx.Rollback()
	return false
}

// SettledNot gives up instead.
func (c Cases) SettledNot(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if !store.Settle(ctx, tx) {
		return errBusy // want `return leaves transaction tx open`
	}
	return nil
}

// Fit returns when the helper has rolled back.
func (c Cases) Fit(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if !store.Check(ctx, tx) {
		return errBusy
	}
	return tx.Commit()
}

// FitTurned has the two ways out mixed up.
func (c Cases) FitTurned(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if store.Check(ctx, tx) {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// FitAndMore needs two things.
func (c Cases) FitAndMore(ctx context.Context, more bool) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if fit := store.Check(ctx, tx); !fit || !more {
		return errBusy // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// FitOrMore rolls back for the second.
func (c Cases) FitOrMore(ctx context.Context, more bool) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if fit := store.Check(ctx, tx); !fit {
		return errBusy
	} else if !more {
		store.Rollback(tx)
		return errBusy
	}
	return tx.Commit()
}
