package service

import (
	"context"
	"database/sql"
	"errors"

	"txcases/store"
)

// Functions of another package that give the transaction on, to what ends it here.

// LendsEnd ends the page in a function.
func (c Cases) LendsEnd(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	return r.With(func(tx *sql.Tx) error { return tx.Commit() })
}

// LendsOnFailure rolls back in it where it fails.
func (c Cases) LendsOnFailure(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	err = r.With(func(tx *sql.Tx) error {
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.Keep()
}

// LendsForgets only uses the page in it.
func (c Cases) LendsForgets(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	err = r.With(func(tx *sql.Tx) error { return store.Add(ctx, tx, "tea") })
	if err != nil {
		return err // want `return leaves transaction r open`
	}
	return r.Keep()
}

// LendsSelf is given the ream.
func (c Cases) LendsSelf(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	return r.Self(func(r *store.Ream) error { return r.Keep() })
}

// LendsSelfForgets does nothing with it.
func (c Cases) LendsSelfForgets(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	return r.Self(func(r *store.Ream) error { return r.Turn(ctx, false) }) // want `return leaves transaction r open`
}

// LendsDeferred rolls back on the way out.
func (c Cases) LendsDeferred(ctx context.Context) error {
	r, err := c.s.Ream(ctx)
	if err != nil {
		return err
	}
	defer r.With((*sql.Tx).Rollback)
	return c.check(ctx)
}

// A keeper ends what it is given.
type keeper struct{}

func (keeper) Handle(ctx context.Context, tx *sql.Tx) error {
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// A reader does not.
type reader struct{ name string }

func (r reader) Handle(ctx context.Context, tx *sql.Tx) error { return store.Add(ctx, tx, r.name) }

// LendsKeeper has a keeper end it.
func (c Cases) LendsKeeper(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	return store.Serve(ctx, tx, keeper{})
}

// LendsReader has a reader read, and forgets the transaction.
func (c Cases) LendsReader(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Serve(ctx, tx, reader{"tea"}); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LendsSteps ends it in the last step.
func (c Cases) LendsSteps(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	return store.Steps(tx, (*sql.Tx).Commit)
}

// LendsStepsForgets has no such step.
func (c Cases) LendsStepsForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	add := func(tx *sql.Tx) error { return store.Add(ctx, tx, "tea") }
	return store.Steps(tx, add, add) // want `return leaves transaction tx open`
}

// LendsRoute ends it by a function of a map.
func (c Cases) LendsRoute(ctx context.Context) error {
	routes := store.Routes{"end": func(tx *sql.Tx) error { return tx.Commit() }}
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	return routes.Run("end", tx)
}

// LendsWithin ends it by a function that is given what a context carries.
func (c Cases) LendsWithin(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	return store.Within(store.NewContext(ctx, tx), func(tx *sql.Tx) error { return tx.Commit() })
}
