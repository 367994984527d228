package tug

import (
	"context"

	"txcases/tug/crew"
)

// Sails goes through an interface of which only a type that does nothing is in view.
func (c Cases) Sails() error { return crew.Sail(c.p.Choose()) }

// SailsForgets does so, and leaks.
func (c Cases) SailsForgets() error { return crew.SailForgets(c.p.Choose()) }

// Convoys begins twice.
func (c Cases) Convoys() error { return crew.Convoy() }

// Loads begins on a ship.
func (c Cases) Loads(ctx context.Context) error { return c.c.Load(ctx, "salt") }

// LoadsForgets does so, and leaks.
func (c Cases) LoadsForgets(ctx context.Context) error { return c.c.LoadForgets(ctx, "salt") }

// Tows begins on a barge.
func (c Cases) Tows(ctx context.Context) error { return c.c.Tow(ctx, "salt") }

// TowsForgets does so, and leaks.
func (c Cases) TowsForgets(ctx context.Context) error { return c.c.TowForgets(ctx, "salt") }
