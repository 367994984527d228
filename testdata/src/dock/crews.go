package dock

import (
	"context"

	"txcases/crew"
	"txcases/foreman"
)

// Hires pays off at the end.
func (c Cases) Hires(ctx context.Context) error {
	hands, err := crew.Hire(ctx, c.p.DB)
	if err != nil {
		return err
	}
	return hands.PayOff(hands.Carry(ctx, "salt"))
}

// HiresForgets forgets those that carry nothing.
func (c Cases) HiresForgets(ctx context.Context) error {
	hands, err := crew.Hire(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := hands.Carry(ctx, "salt"); err != nil {
		return err // want `return leaves transaction hands open`
	}
	return hands.PayOff(nil)
}

// Gathers pays off what is embedded.
func (c Cases) Gathers(ctx context.Context) (err error) {
	gang, err := crew.Gather(ctx, c.p.DB, "first")
	if err != nil {
		return err
	}
	defer func() { err = gang.PayOff(err) }()
	return gang.Carry(ctx, "salt")
}

// GathersForgets forgets that where there is no room.
func (c Cases) GathersForgets(ctx context.Context) (err error) {
	gang, err := crew.Gather(ctx, c.p.DB, "first")
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull // want `return leaves transaction gang open`
	}
	return gang.PayOff(gang.Carry(ctx, "salt"))
}

// Settles has another package pay off.
func (c Cases) Settles(ctx context.Context) (err error) {
	hands, err := crew.Hire(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer foreman.Settle(hands, &err)
	return hands.Carry(ctx, "salt")
}

// LooksForgets has another package look on.
func (c Cases) LooksForgets(ctx context.Context) error {
	hands, err := crew.Hire(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := foreman.Look(ctx, hands); err != nil {
		return err // want `return leaves transaction hands open`
	}
	return hands.PayOff(nil)
}
