package shop

import (
	"context"

	"txcases/store"
)

// Cleaned leaves the transaction to the clean-up that its begin has arranged for.
func (c Cases) Cleaned(ctx context.Context) error {
	c.p.After(func() { store.Clean(c.p.DB) })
	tx, err := c.s.BeginCleaned(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// CleanedNot has nobody clean up.
func (c Cases) CleanedNot(ctx context.Context) error {
	c.p.After(func() { store.Clean(c.p.DB) })
	tx, err := c.s.BeginNoted(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
