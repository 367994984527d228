package service

import (
	"context"

	"txcases/store"
)

// Taken returns an error that is of another type than error, and never nil.
func (c Cases) Taken(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		err = store.ErrTaken
		return err
	}
	return tx.Commit()
}

// TakenForgets keeps that error from the deferred rollback.
func (c Cases) TakenForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		err = store.ErrTaken
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
