package dock

import (
	"context"
	"errors"

	"txcases/pier"
)

var errFull = errors.New("full")

// Lands ends a load of any end.
func (c Cases) Lands(ctx context.Context) error {
	load, err := pier.NewPier(c.p.DB).Land(ctx)
	if err != nil {
		return err
	}
	if err := load.Put(ctx, "salt"); err != nil {
		_ = load.Done(err)
		return err
	}
	return load.Done(nil)
}

// LandsForgets forgets one that could not be put.
func (c Cases) LandsForgets(ctx context.Context) error {
	load, err := pier.NewPier(c.p.DB).Land(ctx)
	if err != nil {
		return err
	}
	if err := load.Put(ctx, "salt"); err != nil {
		return err // want `return leaves transaction load open`
	}
	return load.Done(nil)
}

// Opens closes the session where it is not committed.
func (c Cases) Opens(ctx context.Context) error {
	session, err := pier.NewPier(c.p.DB).Open(ctx)
	if err != nil {
		return err
	}
	if err := session.Put(ctx, "salt"); err != nil {
		session.Close(ctx)
		return err
	}
	return session.Commit(ctx)
}

// OpensForgets does not close it.
func (c Cases) OpensForgets(ctx context.Context) error {
	session, err := pier.NewPier(c.p.DB).Open(ctx)
	if err != nil {
		return err
	}
	if err := session.Put(ctx, "salt"); err != nil {
		return err // want `return leaves transaction session open`
	}
	return session.Commit(ctx)
}

// OpenedForgets leaves a session of a function open.
func (c Cases) OpenedForgets(ctx context.Context) error {
	session, err := pier.Open(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := session.Put(ctx, "salt"); err != nil {
		return err // want `return leaves transaction session open`
	}
	return session.Commit(ctx)
}

// Begins rolls back by methods of a value.
func (c Cases) Begins(ctx context.Context) error {
	tx, err := pier.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := tx.Put(ctx, "salt"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// BeginsForgets does not roll back.
func (c Cases) BeginsForgets(ctx context.Context) error {
	tx, err := pier.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := tx.Put(ctx, "salt"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Batches rolls back by a method of what is embedded.
func (c Cases) Batches(ctx context.Context) error {
	batch, err := pier.NewBatch(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := batch.Add(ctx, "salt"); err != nil {
		_ = batch.Rollback()
		return err
	}
	return batch.Commit()
}

// BatchesForget does not roll back a batch.
func (c Cases) BatchesForget(ctx context.Context) error {
	batch, err := pier.NewBatch(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := batch.Add(ctx, "salt"); err != nil {
		return err // want `return leaves transaction batch open`
	}
	return batch.Commit()
}

// Sends rolls back by methods of a value that can be named.
func (c Cases) Sends(ctx context.Context) error {
	parcel, err := pier.NewSender(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := parcel.Send(ctx); err != nil {
		_ = parcel.Rollback()
		return err
	}
	return parcel.Commit()
}

// SendsForget does not roll back a parcel.
func (c Cases) SendsForget(ctx context.Context) error {
	parcel, err := pier.NewSender(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := parcel.Send(ctx); err != nil {
		return err // want `return leaves transaction parcel open`
	}
	return parcel.Commit()
}

// OpensDefers closes it in any case.
func (c Cases) OpensDefers(ctx context.Context) error {
	session, err := pier.Open(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer session.Close(ctx)
	if err := session.Put(ctx, "salt"); err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull
	}
	return session.Commit(ctx)
}

// LandsDefers tells the end what went wrong.
func (c Cases) LandsDefers(ctx context.Context) (err error) {
	load, err := pier.NewPier(c.p.DB).Land(ctx)
	if err != nil {
		return err
	}
	defer func() { err = load.Done(err) }()
	if err := load.Put(ctx, "salt"); err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull
	}
	return nil
}

// A quay keeps the interface.
type quay struct {
	pier pier.Pier
	c    Cases
}

// Kept begins through an interface in a field.
func (c Cases) Kept(ctx context.Context) error {
	return (&quay{pier.NewPier(c.p.DB), c}).unload(ctx)
}

func (q *quay) unload(ctx context.Context) error {
	session, err := q.pier.Open(ctx)
	if err != nil {
		return err
	}
	if q.c.p.Choose() {
		return errFull // want `return leaves transaction session open`
	}
	return session.Commit(ctx)
}
