package service

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"txcases/store"
)

// Plain begins through a method of another package.
func (c Cases) Plain(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// PlainForgets returns the error of the first statement.
func (c Cases) PlainForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Set begins through a wrapper that cleans up after itself.
func (c Cases) Set(ctx context.Context, user string) error {
	tx, err := c.s.BeginAs(ctx, user)
	if err != nil {
		return fmt.Errorf("as %s: %w", user, err)
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// SetForgets is alone with the second error.
func (c Cases) SetForgets(ctx context.Context, user string) error {
	tx, err := c.s.BeginAs(ctx, user)
	if err != nil {
		return fmt.Errorf("as %s: %w", user, err)
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return fmt.Errorf("add: %w", err) // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Lock is careful; what it calls is not.
func (c Cases) Lock(ctx context.Context) error {
	tx, err := c.s.BeginLocked(ctx)
	if err != nil {
		return err
	}
	defer store.Rollback(tx)
	return tx.Commit()
}

// begin is a wrapper around a wrapper.
func (c Cases) begin(ctx context.Context) (*sql.Tx, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("service: %w", err)
	}
	return tx, nil
}

// Deep begins two functions down.
func (c Cases) Deep(ctx context.Context) (err error) {
	tx, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err = store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// DeepForgets has the deferred function look at another err.
func (c Cases) DeepForgets(ctx context.Context) error {
	tx, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OnePath hands a begun transaction to its caller and ends it when it cannot.
func (c Cases) OnePath(ctx context.Context) (*sql.Tx, error) {
	tx, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx); err != nil {
		store.Rollback(tx)
		return nil, err
	}
	return tx, nil
}

// OnePathForgets hands it on along one path only.
func (c Cases) OnePathForgets(ctx context.Context) (*sql.Tx, error) {
	tx, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return tx, nil
}

// Seen ends the transaction that comes with a sentinel error.
func (c Cases) Seen(ctx context.Context) error {
	tx, err := c.s.BeginSeen(ctx)
	if err != nil {
		if errors.Is(err, store.ErrEmpty) {
			store.Rollback(tx)
		}
		return err
	}
	return tx.Commit()
}

// SeenFilled goes on with it.
func (c Cases) SeenFilled(ctx context.Context) error {
	tx, err := c.s.BeginSeen(ctx)
	if err != nil && err != store.ErrEmpty {
		return err
	}
	defer tx.Rollback()
	if err == store.ErrEmpty {
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// SeenForgets takes an error for the end of it.
func (c Cases) SeenForgets(ctx context.Context) error {
	tx, err := c.s.BeginSeen(ctx)
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Wanted begins only when it needs to, and asks again at the end.
func (c Cases) Wanted(ctx context.Context, wanted bool) error {
	tx, err := c.s.BeginIf(ctx, wanted)
	if err != nil {
		return err
	}
	err = c.check(ctx)
	if tx == nil {
		return err
	}
	return store.Finish(tx, err)
}

// WantedForgets checks first.
func (c Cases) WantedForgets(ctx context.Context, wanted bool) error {
	tx, err := c.s.BeginIf(ctx, wanted)
	if err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if tx == nil {
		return nil
	}
	return tx.Commit()
}

// Try asks for a bool instead of an error.
func (c Cases) Try(ctx context.Context) bool {
	tx, ok := c.s.TryBegin(ctx)
	if !ok {
		return false
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		store.Rollback(tx)
		return false
	}
	return tx.Commit() == nil
}

// TryForgets says no and leaves.
func (c Cases) TryForgets(ctx context.Context) bool {
	tx, ok := c.s.TryBegin(ctx)
	if !ok {
		return false
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return false // want `return leaves transaction tx open`
	}
	return tx.Commit() == nil
}

// Must has no error to look at.
func (c Cases) Must(ctx context.Context) error {
	tx := c.s.MustBegin()
	defer store.Rollback(tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// MustForgets has one later.
func (c Cases) MustForgets(ctx context.Context) error {
	tx := c.s.MustBegin()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Thrown throws the wrapper's transaction away.
func (c Cases) Thrown(ctx context.Context) error {
	_, err := c.s.Begin(ctx) // want `discarding leaves the transaction of c.s.Begin open`
	return err
}

// Mapped gives the error of the Begin another name before it looks at it.
func (c Cases) Mapped(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	err = named(err)
	if err != nil {
		return err
	}
	return store.Finish(tx, store.Add(ctx, tx, "tea"))
}

// MappedForgets does so and forgets the rollback.
func (c Cases) MappedForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	err = named(err)
	if err != nil {
		return err
	}
	if err := named(store.Add(ctx, tx, "tea")); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// named adds the name of the service to an error.
func named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("service: %w", err)
}
