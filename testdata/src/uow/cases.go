// Package uow holds cases of transactions inside other values: units of work,
// wrappers, managers and recorders.
package uow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	unit *Unit // of whoever made the cases
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	c := Cases{p: p, unit: NewUnit(p.DB)}
	p.After(func() { _ = c.unit.Rollback() })
	return c
}

var errVersion = errors.New("version has changed")

// A Unit is a unit of work: the transaction is a field of it.
type Unit struct {
	db *sql.DB
	tx *sql.Tx
	n  int
}

// NewUnit returns a unit without a transaction.
func NewUnit(db *sql.DB) *Unit { return &Unit{db: db} }

// Begin begins the unit's transaction.
func (u *Unit) Begin(ctx context.Context) error {
	tx, err := u.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin unit: %w", err)
	}
	u.tx = tx
	return nil
}

// BeginLocked begins it and takes a lock, and keeps nothing when there is none.
func (u *Unit) BeginLocked(ctx context.Context) error {
	tx, err := u.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "LOCK TABLE items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	u.tx = tx
	return nil
}

// Do works in the transaction.
func (u *Unit) Do(ctx context.Context, query string) error {
	u.n++
	_, err := u.tx.ExecContext(ctx, query)
	return err
}

// Commit commits it.
func (u *Unit) Commit() error {
	if u.tx == nil {
		return sql.ErrTxDone // not reached
	}
	err := u.tx.Commit()
	u.tx = nil
	return err
}

// Rollback rolls it back unless that has been done.
func (u *Unit) Rollback() error {
	if u.tx == nil {
		return nil
	}
	err := u.tx.Rollback()
	u.tx = nil
	return err
}

// End commits or rolls back.
func (u *Unit) End(err error) error {
	if err != nil {
		return errors.Join(err, u.Rollback())
	}
	return u.Commit()
}

// Rollbacks defers the rollback of its own unit.
func (c Cases) Rollbacks(ctx context.Context) error {
	u := NewUnit(c.p.DB)
	if err := u.Begin(ctx); err != nil {
		return err
	}
	defer u.Rollback()
	if err := u.Do(ctx, "DELETE FROM items"); err != nil {
		return err
	}
	return u.Commit()
}

// RollbacksNot leaves its own unit open.
func (c Cases) RollbacksNot(ctx context.Context) error {
	u := NewUnit(c.p.DB)
	if err := u.Begin(ctx); err != nil {
		return err
	}
	if err := u.Do(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return u.Commit()
}

// Ends ends it by one method, with an error or without.
func (c Cases) Ends(ctx context.Context) error {
	u := &Unit{db: c.p.DB}
	if err := u.Begin(ctx); err != nil {
		return err
	}
	return u.End(u.Do(ctx, "DELETE FROM items"))
}

// EndsNot returns on its own account.
func (c Cases) EndsNot(ctx context.Context) error {
	u := &Unit{db: c.p.DB}
	if err := u.Begin(ctx); err != nil {
		return err
	}
	if c.p.Choose() {
		return errVersion // want `return leaves transaction .* open`
	}
	return u.End(u.Do(ctx, "DELETE FROM items"))
}

// DeferredFirst defers the end before there is a beginning.
func (c Cases) DeferredFirst(ctx context.Context) error {
	u := NewUnit(c.p.DB)
	defer u.Rollback()
	if err := u.Begin(ctx); err != nil {
		return err
	}
	if err := u.Do(ctx, "DELETE FROM items"); err != nil {
		return err
	}
	return u.Commit()
}

// DeferredOther defers the end of another unit.
func (c Cases) DeferredOther(ctx context.Context) error {
	u, other := NewUnit(c.p.DB), NewUnit(c.p.DB)
	defer other.Rollback()
	if err := u.Begin(ctx); err != nil {
		return err
	}
	if err := u.Do(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return u.Commit()
}

// Locks defers the end of what fails to begin in the middle.
func (c Cases) Locks(ctx context.Context) error {
	u := NewUnit(c.p.DB)
	defer u.Rollback()
	if err := u.BeginLocked(ctx); err != nil {
		return err
	}
	return u.Commit()
}

// Kept begins on a unit that others end.
func (c Cases) Kept(ctx context.Context) error {
	if err := c.unit.Begin(ctx); err != nil {
		return err
	}
	return c.unit.Do(ctx, "DELETE FROM items")
}

// start begins on a unit of its caller, whose it is then.
func start(ctx context.Context, u *Unit) error {
	if err := u.Begin(ctx); err != nil {
		return err
	}
	return u.Do(ctx, "SET LOCAL lock_timeout = 1")
}

// Started ends what the function has begun on its unit, failed or not.
func (c Cases) Started(ctx context.Context) error {
	u := NewUnit(c.p.DB)
	defer u.Rollback()
	if err := start(ctx, u); err != nil {
		return err
	}
	return u.Commit()
}

// StartedNot believes that a function which fails has begun nothing.
func (c Cases) StartedNot(ctx context.Context) error {
	u := NewUnit(c.p.DB)
	if err := start(ctx, u); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return u.Commit()
}

// Made gives a unit with a transaction to its caller.
func (c Cases) Made(ctx context.Context) (*Unit, error) {
	u := NewUnit(c.p.DB)
	if err := u.Begin(ctx); err != nil {
		return nil, err
	}
	if err := u.Do(ctx, "SET LOCAL lock_timeout = 1"); err != nil {
		return nil, u.End(err)
	}
	return u, nil
}

// MadeNot keeps it when it fails itself.
func (c Cases) MadeNot(ctx context.Context) (*Unit, error) {
	u := NewUnit(c.p.DB)
	if err := u.Begin(ctx); err != nil {
		return nil, err
	}
	if err := u.Do(ctx, "SET LOCAL lock_timeout = 1"); err != nil {
		return nil, err // want `return leaves transaction .* open`
	}
	return u, nil
}
