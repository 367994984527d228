package service

import (
	"context"

	"txcases/store"
)

// Transactions that are committed and begun anew at times, in a loop.

// Reams turns pages that are full.
func (c Cases) Reams(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	defer func() { r.Close() }()
	for range 2 {
		if err := r.Turn(ctx, c.p.Choose()); err != nil {
			return err
		}
	}
	return r.Keep()
}

// ReamsWrites has the pages turned as they fill.
func (c Cases) ReamsWrites(ctx context.Context, names []string) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	for _, name := range names {
		if err := r.Write(ctx, name); err != nil {
			return err
		}
	}
	return r.Keep()
}

// ReamsFirst rolls back the first page only.
func (c Cases) ReamsFirst(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	defer r.Tx().Rollback()
	for range 2 {
		if err := r.Turn(ctx, c.p.Choose()); err != nil {
			return err
		}
		if err := c.check(ctx); err != nil {
			return err // want `return leaves transaction r open: r.Turn`
		}
	}
	return r.Keep()
}

// Turned goes on with the next transaction.
func (c Cases) Turned(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for range 2 {
		if tx, err = c.s.Turned(ctx, tx, c.p.Choose()); err != nil {
			return err
		}
		if err := store.Add(ctx, tx, "tea"); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

// TurnedForgets does not roll back the last one.
func (c Cases) TurnedForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for range 2 {
		if tx, err = c.s.Turned(ctx, tx, c.p.Choose()); err != nil {
			return err
		}
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return err // want `return leaves transaction tx open: c.s.Begin` `return leaves transaction tx open: c.s.Turned`
		}
	}
	return tx.Commit()
}

// TurnedFresh leaves one open for each that it begins.
func (c Cases) TurnedFresh(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for range 2 {
		next, err := c.s.Fresh(ctx, tx, c.p.Choose())
		if err != nil {
			_ = tx.Rollback()
			return err // want `return leaves transaction tx open: c.s.Begin`
		}
		tx = next
	} // want `next iteration leaves transaction next open`
	return tx.Commit() // want `return leaves transaction tx open`
}

// ReamsAll commits what it is given a list of.
func (c Cases) ReamsAll(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	for _, tx := range r.All() {
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// ReamsAllLate asks for the list when something may have gone wrong.
func (c Cases) ReamsAllLate(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction r open`
	}
	for _, tx := range r.All() {
		_ = tx.Commit()
	}
	return nil
}

// ReamsPages finds it in a map.
func (c Cases) ReamsPages(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	return r.Pages()["last"].Commit()
}

// ReamsListed finds it in a list.
func (c Cases) ReamsListed(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for _, tx := range store.Listed(tx) {
		_ = tx.Rollback()
	}
	return nil
}
