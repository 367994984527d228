package service

import (
	"context"

	"txcases/store"
)

// Sealed has what another package also keeps elsewhere.
func (c Cases) Sealed(ctx context.Context) error {
	box := c.s.Outbox()
	if err := box.Seal(ctx); err != nil {
		return err
	}
	defer store.Unseal()
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if box.IsOpen() {
		defer tx.Rollback()
	}
	return c.check(ctx)
}

// SealedFirst gives up as soon as it is sealed.
func (c Cases) SealedFirst(ctx context.Context) error {
	box := c.s.Outbox()
	if err := box.Seal(ctx); err != nil {
		return err
	}
	defer store.Unseal()
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if box.IsOpen() {
		return errBusy // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}
