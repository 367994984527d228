package front

import (
	"context"

	"txcases/desk"
)

// Tilled leaves all to the till, which keeps what it has ended.
func (c Cases) Tilled(ctx context.Context) error {
	t := desk.NewTill(c.d.Store)
	if err := t.Count(ctx); err != nil {
		return err
	}
	return c.lunch()
}

// Taken shuts the till.
func (c Cases) Taken(ctx context.Context) error {
	t := desk.NewTill(c.d.Store)
	if err := t.Take(ctx); err != nil {
		return err
	}
	return t.Shut()
}

// TakenForgets goes to lunch first.
func (c Cases) TakenForgets(ctx context.Context) error {
	t := desk.NewTill(c.d.Store)
	if err := t.Take(ctx); err != nil {
		return err
	}
	if err := c.lunch(); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return t.Shut()
}
