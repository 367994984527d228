package service

import (
	"context"
	"database/sql"

	"txcases/store"
)

// Bound defers a helper on the method itself.
func (c Cases) Bound(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.Quietly("rollback", tx.Rollback)
	return store.Add(ctx, tx, "tea")
}

// Ensured calls what EnsureEnd returns.
func (c Cases) Ensured(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.EnsureEnd(tx)()
	return store.Add(ctx, tx, "tea")
}

// EnsuredNot defers EnsureEnd itself, which only returns a function.
func (c Cases) EnsuredNot(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.EnsureEnd(tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Logged defers a function that only sounds like a rollback.
func (c Cases) Logged(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.RollbackLog(ctx, tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// abandon is a finisher of this package around one of another.
func abandon(reason error, tx *sql.Tx) error {
	if tx == nil {
		return reason
	}
	return store.Abort(tx, reason, "service")
}

// TwoDeep finishes two functions down.
func (c Cases) TwoDeep(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return abandon(err, tx)
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return abandon(err, tx)
	}
	return tx.Commit()
}
