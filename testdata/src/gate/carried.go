package gate

import (
	"context"
	"database/sql"
	"errors"

	"txcases/gate/relay"
)

// Contexts that carry the transaction, and are asked other things as well.

type carriedKey struct{}

// A unit is work in a transaction.
type unit struct{ tx *sql.Tx }

func (u *unit) commit() error   { return u.tx.Commit() }
func (u *unit) rollback() error { return u.tx.Rollback() }
func (u *unit) work() error     { return touch(u.tx) }

// enter begins, and yields the transaction twice.
func enter(ctx context.Context, db *sql.DB) (context.Context, *unit, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return context.WithValue(ctx, carriedKey{}, tx), &unit{tx}, nil
}

// CarriedUnused takes the unit alone.
func (c Cases) CarriedUnused() error {
	_, u, err := enter(context.Background(), c.p.DB)
	if err != nil {
		return err
	}
	if err := u.work(); err != nil {
		return err // want `return leaves transaction u open: enter on line`
	}
	return u.commit()
}

// CarriedDone asks whether the context has ended.
func (c Cases) CarriedDone() error {
	ctx, u, err := enter(context.Background(), c.p.DB)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err() // not reached
	default:
	}
	if err := u.work(); err != nil {
		return err // want `return leaves transaction u open`
	}
	return u.commit()
}

// CarriedApart is begun without the context, which then carries it.
func (c Cases) CarriedApart(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, carriedKey{}, tx)
	select {
	case <-ctx.Done():
		return errors.Join(ctx.Err(), tx.Rollback()) // not reached
	default:
	}
	if c.p.Choose() {
		return errShut // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CarriedBoth binds a repository to it, and passes the context as well.
func (c Cases) CarriedBoth(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, carriedKey{}, tx)
	if err := relay.NewUsers(tx).Save(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CarriedRolledBack rolls back the unit that nobody needs.
func (c Cases) CarriedRolledBack() error {
	ctx, u, err := enter(context.Background(), c.p.DB)
	if err != nil {
		return err
	}
	if err := errors.Join(u.work(), ctx.Err()); err != nil {
		return errors.Join(err, u.rollback())
	}
	return u.commit()
}
