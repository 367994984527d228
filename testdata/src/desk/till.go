package desk

import (
	"context"

	"txcases/store"
)

// A Till keeps the batch that it is working on.
type Till struct {
	s     *store.Store
	batch *store.Batch
}

// NewTill returns a till without a batch.
func NewTill(s *store.Store) *Till { return &Till{s: s} }

// Count begins a batch, keeps it, and ends it.
func (t *Till) Count(ctx context.Context) error {
	var err error
	if t.batch, err = t.s.NewBatch(ctx); err != nil {
		return err
	}
	return t.settle(t.batch.Add(ctx, "coins"))
}

// settle ends the batch that is kept.
func (t *Till) settle(err error) error {
	b := t.batch
	if err != nil {
		b.Drop()
		return err
	}
	return b.Flush()
}

// Take begins a batch and keeps it. It settles it only when something is amiss.
func (t *Till) Take(ctx context.Context) error {
	var err error
	if t.batch, err = t.s.NewBatch(ctx); err != nil {
		return err
	}
	if err := t.batch.Add(ctx, "coins"); err != nil {
		return t.settle(err)
	}
	return nil
}

// Shut settles what was taken.
func (t *Till) Shut() error { return t.settle(nil) }
