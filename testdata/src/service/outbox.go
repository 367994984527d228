package service

import (
	"context"

	"txcases/store"
)

// Sold sends a message by a transaction of its own before it commits the sale.
func (c Cases) Sold(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	box := c.s.Outbox()
	if err := box.Open(ctx); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := box.Send(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// SoldOut forgets the sale once the message is out.
func (c Cases) SoldOut(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	box := c.s.Outbox()
	if err := box.Open(ctx); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := box.Send(); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Burnt rolls both back for as long as the message has not been sent.
func (c Cases) Burnt(ctx context.Context) error {
	box := c.s.Outbox()
	if err := box.Open(ctx); err != nil {
		return err
	}
	tx, err := c.s.Begin(ctx)
	if err != nil {
		box.Burn()
		return err
	}
	defer func() {
		if box.IsOpen() {
			box.Burn()
			_ = tx.Rollback()
		}
	}()
	if err := c.check(ctx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return box.Send()
}

// BurntLate goes by the message alone, which is out by then.
func (c Cases) BurntLate(ctx context.Context) error {
	box := c.s.Outbox()
	if err := box.Open(ctx); err != nil {
		return err
	}
	tx, err := c.s.Begin(ctx)
	if err != nil {
		box.Burn()
		return err
	}
	defer func() {
		if box.IsOpen() {
			box.Burn()
			_ = tx.Rollback()
		}
	}()
	if err := box.Send(); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Written goes by what a function of another package has put into the letter.
func (c Cases) Written(ctx context.Context) error {
	letter := new(store.Letter)
	if !c.s.Write(ctx, letter) {
		return letter.Err
	}
	defer letter.Tx.Rollback()
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if letter.Tx != nil {
		defer tx.Rollback()
	}
	if err := c.check(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// WrittenTwice ends the letter alone.
func (c Cases) WrittenTwice(ctx context.Context) error {
	letter := &store.Letter{}
	if !c.s.Write(ctx, letter) {
		return letter.Err
	}
	tx, err := c.s.Begin(ctx)
	if err != nil {
		_ = letter.Tx.Rollback()
		return err
	}
	if err := c.check(ctx); err != nil {
		_ = letter.Tx.Rollback()
		return err // want `return leaves transaction tx open`
	}
	_ = letter.Tx.Rollback()
	return tx.Commit()
}
