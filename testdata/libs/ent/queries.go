package ent

import (
	"context"
	"errors"

	ent "txcases/libs/ent/gen"
	"txcases/libs/ent/gen/user"
)

// Only tells whether nobody is so old from what else may have failed.
func (c Cases) Only(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	_, err = tx.User.Query().Where(user.Age(30)).Only(ctx)
	if err != nil {
		if ent.IsNotFound(err) {
			return errTaken // want `return leaves transaction tx open`
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// First does so in a switch.
func (c Cases) First(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	_, err = tx.User.Query().First(ctx)
	switch {
	case errors.Is(err, context.Canceled), ent.IsNotFound(err):
		return nil // want `return leaves transaction tx open`
	case err != nil:
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// FirstEnds rolls back whatever it was.
func (c Cases) FirstEnds(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	_, err = tx.User.Query().First(ctx)
	if ent.IsNotFound(err) {
		return rollback(tx, errTaken)
	}
	if err != nil {
		return rollback(tx, err)
	}
	return tx.Commit()
}

// Gathered creates many, by builders that it gathers.
func (c Cases) Gathered(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	builders := make([]*ent.UserCreate, 2)
	for i := range builders {
		builders[i] = tx.User.Create().SetAge(30 + i)
	}
	for _, b := range builders {
		if err := b.Exec(ctx); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// GatheredEnds defers the rollback.
func (c Cases) GatheredEnds(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	builders := make([]*ent.UserCreate, 2)
	for i := range builders {
		builders[i] = tx.User.Create().SetAge(30 + i)
	}
	for _, b := range builders {
		if err := b.Exec(ctx); err != nil {
			return err
		}
	}
	return tx.Commit()
}
