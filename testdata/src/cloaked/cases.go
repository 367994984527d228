package cloaked

import (
	"context"
	"database/sql"
	"errors"

	"txcases/cloak"
)

var errStopped = errors.New("stopped")

// Managed is sound: a helper of the other package takes the transaction out of the token (T8).
func (c Cases) Managed(ctx context.Context) error {
	m := cloak.NewManager(c.p.DB)
	t, err := m.Begin(ctx)
	if err != nil {
		return err
	}
	defer m.Rollback(t)
	if c.p.Choose() {
		return errStopped
	}
	if err := m.Exec(ctx, t, "UPDATE a SET b = 1"); err != nil {
		return err
	}
	return m.Commit(t)
}

// ManagedEarly forgets the token when it stops.
func (c Cases) ManagedEarly(ctx context.Context) error {
	m := cloak.NewManager(c.p.DB)
	t, err := m.Begin(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction t open`
	}
	if err := m.Exec(ctx, t, "UPDATE a SET b = 1"); err != nil {
		_ = m.Rollback(t)
		return err
	}
	return m.Commit(t)
}

// ManagedUsed only uses the token.
func (c Cases) ManagedUsed(ctx context.Context) error {
	m := cloak.NewManager(c.p.DB)
	t, err := m.Begin(ctx)
	if err != nil {
		return err
	}
	return m.Exec(ctx, t, "UPDATE a SET b = 1") // want `return leaves transaction t open`
}

// Dropped is sound: the helper is generic.
func (c Cases) Dropped() error {
	t, err := cloak.Open(c.p.DB)
	if err != nil {
		return err
	}
	return cloak.Drop(t)
}

// DroppedEarly forgets it at times.
func (c Cases) DroppedEarly() error {
	t, err := cloak.Open(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction t open`
	}
	return cloak.Drop(t)
}

// Taken is sound: it takes the transaction out itself.
func (c Cases) Taken() error {
	t, err := cloak.Open(c.p.DB)
	if err != nil {
		return err
	}
	tx, err := cloak.As[*sql.Tx](t)
	if err != nil {
		return err // not reached
	}
	defer tx.Rollback()
	if c.p.Choose() {
		return errStopped
	}
	return tx.Commit()
}

// TakenEarly forgets what it has taken out.
func (c Cases) TakenEarly() error {
	t, err := cloak.Open(c.p.DB)
	if err != nil {
		return err
	}
	tx, err := cloak.As[*sql.Tx](t)
	if err != nil {
		return err // not reached
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction t open`
	}
	return tx.Commit()
}

// Closed is sound: methods call one another.
func (c Cases) Closed() error {
	t, err := cloak.Open(c.p.DB)
	if err != nil {
		return err
	}
	defer t.Close()
	if c.p.Choose() {
		return errStopped
	}
	return nil
}

// ClosedLate defers too late.
func (c Cases) ClosedLate() error {
	t, err := cloak.Open(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction t open`
	}
	defer t.Close()
	return nil
}

// Ticket is sound: a package that knows of no transactions describes what has it.
func (c Cases) Ticket() error {
	m := cloak.NewManager(c.p.DB)
	t, err := m.Enter()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		_ = m.Leave(t, false)
		return errStopped
	}
	return m.Leave(t, true)
}

// Guarded is sound: what is under the seal ends the transaction once.
func (c Cases) Guarded(ctx context.Context) error {
	m := cloak.NewManager(c.p.DB)
	s, err := m.Guard(ctx)
	if err != nil {
		return err
	}
	defer m.End(s, false)
	if c.p.Choose() {
		return errStopped
	}
	return m.End(s, true)
}

// GuardedEarly defers it too late.
func (c Cases) GuardedEarly(ctx context.Context) error {
	m := cloak.NewManager(c.p.DB)
	s, err := m.Guard(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction s open`
	}
	defer m.End(s, false)
	return m.End(s, true)
}

// EndedInside is sound: the helper and another one call each other (T8).
func (c Cases) EndedInside() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return cloak.EndInside(tx, 1)
}

// EndedInsideLate forgets it when it stops.
func (c Cases) EndedInsideLate() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction tx open`
	}
	return cloak.EndInside(tx, 1)
}
