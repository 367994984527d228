package dock

import (
	"context"

	"txcases/bins"
	"txcases/depot"
)

// Transacts tells the end what went wrong.
func (c Cases) Transacts(ctx context.Context) error {
	return c.empties(ctx, bins.NewStore(c.p.DB))
}

func (c Cases) empties(ctx context.Context, store *bins.Store) (err error) {
	tx, err := store.Transact(ctx)
	if err != nil {
		return err
	}
	defer func() { err = tx.Done(err) }()
	if c.p.Choose() {
		return errFull
	}
	return tx.Empty(ctx)
}

// TransactsForgets defers the end too late.
func (c Cases) TransactsForgets(ctx context.Context) error {
	return c.emptiesForgets(ctx, bins.NewStore(c.p.DB))
}

func (c Cases) emptiesForgets(ctx context.Context, store *bins.Store) (err error) {
	tx, err := store.Transact(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull // want `return leaves transaction tx open`
	}
	defer func() { err = tx.Done(err) }()
	return tx.Empty(ctx)
}

// Refills calls a method of the store that forgets.
func (c Cases) Refills(ctx context.Context) error { return bins.NewStore(c.p.DB).Refill(ctx) }

// Nests begins on a transaction as well.
func (c Cases) Nests(ctx context.Context) error { return nests(ctx, bins.NewStore(c.p.DB)) }

func nests(ctx context.Context, store *bins.Store) (err error) {
	tx, err := store.Transact(ctx)
	if err != nil {
		return err
	}
	defer func() { err = tx.Done(err) }()
	inner, err := (&bins.Store{Base: store.On(tx.Base)}).Transact(ctx)
	if err != nil {
		return err
	}
	defer func() { err = inner.Done(err) }()
	return inner.Empty(ctx)
}

// Owns ends what it has begun, and leaves to others what they have.
func (c Cases) Owns(ctx context.Context) error { return owns(ctx, bins.NewStore(c.p.DB)) }

func owns(ctx context.Context, store *bins.Store) (err error) {
	owned := !store.InTransaction()
	tx, err := store.Transact(ctx)
	if err != nil {
		return err
	}
	err = tx.Empty(ctx)
	if owned {
		return tx.Done(err)
	}
	return err // not reached
}

// Handles tells the end of a handle what went wrong.
func (c Cases) Handles(ctx context.Context) error { return clears(ctx, depot.On(c.p.DB)) }

func clears(ctx context.Context, handle depot.Handle) error {
	tx, err := handle.Transact(ctx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM bins")
	return tx.Done(err)
}

// HandlesForgets forgets a handle.
func (c Cases) HandlesForgets(ctx context.Context) error { return clearsForgets(ctx, depot.On(c.p.DB)) }

func clearsForgets(ctx context.Context, handle depot.Handle) error {
	tx, err := handle.Transact(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM bins"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Done(nil)
}

// HandlesAsks ends where the handle was none of a transaction.
func (c Cases) HandlesAsks(ctx context.Context) error { return asksFirst(ctx, depot.On(c.p.DB)) }

func asksFirst(ctx context.Context, handle depot.Handle) (err error) {
	tx, err := handle.Transact(ctx)
	if err != nil {
		return err
	}
	if !handle.InTransaction() {
		defer func() { err = tx.Done(err) }()
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM bins")
	return err
}
