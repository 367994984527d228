package shop

import (
	"context"
	"database/sql"
	"errors"

	"txcases/store"
)

// saver is one of those that there are.
func (c Cases) saver() store.Saver {
	if c.p.Choose() {
		return store.Archive{}
	}
	return store.Table{}
}

// ByOption lends the transaction by an option, which dies with the call.
func (c Cases) ByOption(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Save(ctx, "tea", store.WithTx(tx)); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ByOptionWell rolls back when that fails.
func (c Cases) ByOptionWell(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Save(ctx, "tea", store.WithTx(tx)); err != nil {
		store.Rollback(tx)
		return err
	}
	return tx.Commit()
}

// ByAnyOption does not know who saves.
func (c Cases) ByAnyOption(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := c.saver().Save(ctx, "tea", withName("milk"), store.WithTx(tx)); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// withName is an option like any other.
func withName(string) store.Option { return store.WithTx(nil) }

// BySteps gives away what only uses the transaction.
func (c Cases) BySteps(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	err = c.saver().Each(
		func() error { return store.Add(ctx, tx, "tea") },
		func() error { return store.Add(ctx, tx, "milk") },
	)
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ByLastStep gives away what commits it.
func (c Cases) ByLastStep(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.Rollback(tx)
	return c.saver().Each(
		func() error { return store.Add(ctx, tx, "tea") },
		func() error { return tx.Commit() },
	)
}

// ByLastStepOnly has nothing else to rely on: whoever gets the steps runs the last
// of them, or does not.
func (c Cases) ByLastStepOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return c.saver().Each(tx.Commit, c.stock)
}

// Counted asks for commits, and makes none.
func (c Cases) Counted(ctx context.Context, known bool) (int, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return 0, err
	}
	n, err := store.SaverOn(tx, known).Commits(ctx)
	if err != nil {
		return n, err // want `return leaves transaction tx open`
	}
	return n, tx.Commit()
}

// LookedUp asks for one, which ends nothing.
func (c Cases) LookedUp(ctx context.Context, known bool) (*store.Record, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	rec, err := store.SaverOn(tx, known).Commit(ctx, "tea")
	if err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return rec, tx.Commit()
}

// LookedUpWell is left by a rollback.
func (c Cases) LookedUpWell(ctx context.Context, known bool) (*store.Record, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	rec, err := store.SaverOn(tx, known).Commit(ctx, "tea")
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return rec, tx.Commit()
}

// ManyOptions keeps the options for later.
func (c Cases) ManyOptions(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer func(tx *sql.Tx) { store.Rollback(tx) }(tx)
	options := []store.Option{withName("milk"), store.WithTx(tx)}
	if err := c.saver().Save(ctx, "tea", options...); err != nil {
		return err
	}
	return tx.Commit()
}
