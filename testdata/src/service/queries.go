package service

import (
	"context"

	"txcases/plumb"
	"txcases/store"
)

// Loops over what iterators of another package yield.

// Queries leaves the loop without a rollback.
func (c Cases) Queries(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for n, err := range store.Query(ctx, tx, "SELECT n FROM items") {
		if err != nil {
			store.Rollback(tx)
			return err
		}
		if n == 0 {
			return errBusy // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// QueriesWell has a rollback there.
func (c Cases) QueriesWell(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for n, err := range store.Query(ctx, tx, "SELECT n FROM items") {
		if err != nil || n == 0 {
			store.Rollback(tx)
			return errBusy
		}
	}
	return tx.Commit()
}

// QueriesSum forgets it behind the loop.
func (c Cases) QueriesSum(ctx context.Context) (int, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return 0, err
	}
	sum := 0
	for n, err := range store.Query(ctx, tx, "SELECT n FROM items") {
		if err != nil {
			store.Rollback(tx)
			return 0, err
		}
		sum += n
	}
	if sum == 0 {
		return 0, errBusy // want `return leaves transaction tx open`
	}
	return sum, tx.Commit()
}

// QueriesPage asks what the page has.
func (c Cases) QueriesPage(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	for _, err := range r.Numbers(ctx) {
		if err != nil {
			return err // want `return leaves transaction r open`
		}
	}
	return r.Keep()
}

// Drains ranges over what rolls back at the end.
func (c Cases) Drains(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for _, err := range store.Drain(ctx, tx, "SELECT n FROM items") {
		if err != nil {
			return err
		}
	}
	return nil
}

// DrainsFirsts does so by another iterator.
func (c Cases) DrainsFirsts(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for n := range plumb.Firsts(store.Drain(ctx, tx, "SELECT n FROM items")) {
		if n == 0 {
			return errBusy
		}
	}
	return nil
}
