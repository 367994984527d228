package shop

import (
	"context"

	"txcases/store"
)

// Settled names the outcome.
func (c Cases) Settled(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		_ = store.Close(tx, store.Drop)
		return err
	}
	return store.Close(tx, store.Keep)
}

// SettledLater names one that ends nothing.
func (c Cases) SettledLater(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		_ = store.Close(tx, store.Later)
		return err // want `return leaves transaction tx open`
	}
	return store.Close(tx, store.Keep)
}

// SettledAny leaves it to the caller.
func (c Cases) SettledAny(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return store.Close(tx, store.Outcome(c.p.Pick(3))) // want `return leaves transaction tx open`
}

// SettledBut leaves it to the caller, less the one that ends nothing.
func (c Cases) SettledBut(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if how := store.Outcome(c.p.Pick(3)); how == store.Keep || how == store.Drop {
		return store.Close(tx, how)
	}
	return tx.Rollback()
}

// SettledAs says it with a word.
func (c Cases) SettledAs(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	how := "keep"
	if err = c.stock(); err != nil {
		how = "drop"
	}
	_ = store.CloseAs(tx, how)
	return err
}

// SettledAsLater says it with one that ends nothing.
func (c Cases) SettledAsLater(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	how := "later"
	if err = c.stock(); err != nil {
		how = "drop"
	}
	_ = store.CloseAs(tx, how)
	return err // want `return leaves transaction tx open`
}

// For needs a transaction to write.
func (c Cases) For(ctx context.Context) error {
	tx, err := store.For(ctx, c.p.DB, "write")
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ForNone needs none.
func (c Cases) ForNone(ctx context.Context) error {
	_, err := store.For(ctx, c.p.DB, "none")
	return err
}

// ForEither writes or does not.
func (c Cases) ForEither(ctx context.Context) error {
	mode := "none"
	if c.stock() == nil {
		mode = "read"
	}
	tx, err := store.For(ctx, c.p.DB, mode)
	if err != nil {
		return err
	}
	if mode == "read" {
		return tx.Rollback()
	}
	return nil
}

// Priced only lends it.
func (c Cases) Priced(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := store.Price(ctx, tx, c.p.Pick(3)); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
