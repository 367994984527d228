// Package crew works with ships that it knows by their interfaces.
package crew

import (
	"context"
	"errors"

	"txcases/wharf"
)

var errStorm = errors.New("storm")

// A Crew has ships.
type Crew struct {
	Ship  wharf.Ship
	Barge wharf.Barge
}

// Sail commits.
func Sail(storm bool) error {
	committer, err := wharf.Begin(nil)
	if err != nil {
		return err
	}
	if storm {
		_ = committer.Rollback()
		return errStorm
	}
	return committer.Commit()
}

// SailForgets goes down in a storm.
func SailForgets(storm bool) error {
	committer, err := wharf.Begin(nil)
	if err != nil {
		return err
	}
	if storm {
		return errStorm // want `return leaves transaction committer open`
	}
	return committer.Commit()
}

// Convoy takes part in what was begun.
func Convoy() error {
	committer, err := wharf.Begin(nil)
	if err != nil {
		return err
	}
	inner, err := wharf.Begin(committer)
	if err != nil {
		_ = committer.Rollback() // not reached
		return err               // not reached
	}
	if err := inner.Commit(); err != nil {
		_ = committer.Rollback() // not reached
		return err               // not reached
	}
	return committer.Commit()
}

// Load loads a ship.
func (c *Crew) Load(ctx context.Context, what string) error {
	hold, err := c.Ship.Begin(ctx)
	if err != nil {
		return err
	}
	if err := hold.Load(ctx, what); err != nil {
		_ = hold.Rollback()
		return err
	}
	return hold.Commit()
}

// LoadForgets leaves a hold open.
func (c *Crew) LoadForgets(ctx context.Context, what string) error {
	hold, err := c.Ship.Begin(ctx)
	if err != nil {
		return err
	}
	if err := hold.Load(ctx, what); err != nil {
		return err // want `return leaves transaction hold open`
	}
	return hold.Commit()
}

// Tow begins on what passes the call on.
func (c *Crew) Tow(ctx context.Context, what string) error {
	hold, err := c.Barge.BeginTx(ctx)
	if err != nil {
		return err
	}
	defer hold.Rollback()
	if err := hold.Load(ctx, what); err != nil {
		return err
	}
	return hold.Commit()
}

// TowForgets leaves a hold open.
func (c *Crew) TowForgets(ctx context.Context, what string) error {
	hold, err := c.Barge.BeginTx(ctx)
	if err != nil {
		return err
	}
	if err := hold.Load(ctx, what); err != nil {
		return err // want `return leaves transaction hold open`
	}
	return hold.Commit()
}
