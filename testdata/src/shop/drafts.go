package shop

import (
	"context"
	"errors"
	"strings"

	"txcases/store"
)

// Drafted drops what failed, unless that was over before.
func (c Cases) Drafted(ctx context.Context) (err error) {
	d, err := c.s.Draft(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && !errors.Is(err, store.ErrDraftOver) {
			_ = d.Cancel()
		}
	}()
	if err := d.Write(ctx, "tea"); err != nil {
		return err
	}
	return d.Keep()
}

// DraftedFull keeps open what is full.
func (c Cases) DraftedFull(ctx context.Context) (err error) {
	d, err := c.s.Draft(ctx)
	if err != nil {
		return err
	}
	text := "tea"
	if c.p.Choose() {
		text = strings.Repeat(text, 4000)
	}
	if err := d.Write(ctx, text); errors.Is(err, store.ErrDraftFull) {
		return err // want `return leaves transaction d open`
	} else if err != nil {
		_ = d.Cancel()
		return err
	}
	return d.Keep()
}

// DraftedMixed asks the wrong way round.
func (c Cases) DraftedMixed(ctx context.Context) error {
	d, err := c.s.Draft(ctx)
	if err != nil {
		return err
	}
	if err := d.Write(ctx, "tea"); err != nil {
		if errors.Is(err, store.ErrDraftOver) {
			return d.Cancel() // not reached
		}
		return err // want `return leaves transaction d open`
	}
	return d.Keep()
}
