package shop

import "context"

// Reeled closes the reel on its way out.
func (c Cases) Reeled(ctx context.Context) error {
	r, err := c.s.Reel(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := c.stock(); err != nil {
		return err
	}
	return r.Keep()
}

// ReeledForgets closes it in one branch.
func (c Cases) ReeledForgets(ctx context.Context) error {
	r, err := c.s.Reel(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return r.Close()
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction r open`
	}
	return r.Keep()
}
