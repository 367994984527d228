package shop

import (
	"context"

	"txcases/store"
)

// Entered leaves in each case.
func (c Cases) Entered(ctx context.Context) error {
	ctx, err := c.s.Enter(ctx)
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return c.s.Leave(ctx, err)
	}
	return c.s.Leave(ctx, store.AddIn(ctx, "tea"))
}

// EnteredForgets is sold out.
func (c Cases) EnteredForgets(ctx context.Context) error {
	ctx, err := c.s.Enter(ctx)
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction ctx open`
	}
	return c.s.Leave(ctx, store.AddIn(ctx, "tea"))
}

// EnteredDeferred leaves last.
func (c Cases) EnteredDeferred(ctx context.Context) (err error) {
	ctx, err = c.s.Enter(ctx)
	if err != nil {
		return err
	}
	defer func() { err = c.s.Leave(ctx, err) }()
	if err := c.stock(); err != nil {
		return err
	}
	return store.AddIn(ctx, "tea")
}

// EnteredAdds adds in it, and returns when that fails.
func (c Cases) EnteredAdds(ctx context.Context) error {
	ctx, err := c.s.Enter(ctx)
	if err != nil {
		return err
	}
	if err := store.AddIn(ctx, "tea"); err != nil {
		return err // want `return leaves transaction ctx open`
	}
	return c.s.Leave(ctx, nil)
}

// A shelf has what it is told in a context.
type shelf interface {
	Fill(ctx context.Context) error
}

type oak struct{}

func (oak) Fill(ctx context.Context) error { return store.AddIn(ctx, "tea") }

type crate struct{ c Cases }

func (k crate) Fill(ctx context.Context) error {
	return k.c.s.Leave(ctx, store.AddIn(ctx, "tea"))
}

// EnteredShelves fills a shelf, of which some leave by themselves.
func (c Cases) EnteredShelves(ctx context.Context) error {
	var s shelf = crate{c}
	if c.p.Choose() {
		s = oak{}
	}
	ctx, err := c.s.Enter(ctx)
	if err != nil {
		return err
	}
	if _, isOak := s.(oak); !isOak {
		return fill(ctx, s)
	}
	return c.s.Leave(ctx, fill(ctx, s))
}

func fill(ctx context.Context, s shelf) error { return s.Fill(ctx) }
