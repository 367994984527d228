package cloaked

import (
	"context"

	"txcases/cloak"
)

// A transaction and a context that has it come from another package: either ends it.

// BesideDeferred ends it by the context.
func (c Cases) BesideDeferred(ctx context.Context) error {
	ctx, tx, err := cloak.Enter(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer cloak.Exit(ctx)
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// BesideBlank has nothing but the context.
func (c Cases) BesideBlank(ctx context.Context) error {
	ctx, _, err := cloak.Enter(ctx, c.p.DB)
	if err != nil {
		return err
	}
	cloak.Exit(ctx)
	return nil
}

// BesideForgets ends it on one way only.
func (c Cases) BesideForgets(ctx context.Context) error {
	ctx, tx, err := cloak.Enter(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return err // want `return leaves transaction tx open: cloak.Enter on line \d+, which calls db.BeginTx in beside.go:\d+, is neither committed nor rolled back when err != nil`
	}
	cloak.Exit(ctx)
	return nil
}
