package gate

import (
	"context"
	"database/sql"
	"errors"
)

// Transactions begun by a variable of function type.

// within does some work in a transaction.
func within(begin func() (*sql.Tx, error), work func(*sql.Tx) error) error {
	tx, err := begin()
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err // want `return leaves transaction tx open: begin on line \d+ is neither`
	}
	return tx.Commit()
}

// ValueWithin passes a method value.
func (c Cases) ValueWithin() error { return within(c.p.DB.Begin, touch) }

// An opener has what begins.
type opener struct {
	beginTx func(ctx context.Context) (*sql.Tx, error)
	current func() (*sql.Tx, error)
}

var errShut = errors.New("shut")

func (o *opener) open(ctx context.Context, shut bool) error {
	tx, err := o.beginTx(ctx)
	if err != nil {
		return err
	}
	if shut {
		return errShut // want `return leaves transaction tx open: o.beginTx on line \d+ is neither`
	}
	return tx.Commit()
}

func (o *opener) openSafely(ctx context.Context, shut bool) error {
	tx, err := o.beginTx(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if shut {
		return errShut
	}
	return tx.Commit()
}

// touch works in what somebody else has begun.
func (o *opener) touch() error {
	tx, err := o.current()
	if err != nil {
		return err
	}
	return touch(tx)
}

// ValueField begins by a field.
func (c Cases) ValueField(ctx context.Context) error {
	o := &opener{beginTx: func(ctx context.Context) (*sql.Tx, error) { return c.p.DB.BeginTx(ctx, nil) }}
	if err := o.openSafely(ctx, c.p.Choose()); err != nil {
		return err
	}
	return o.open(ctx, c.p.Choose())
}

// ValueGetter asks a field for a transaction that it does not own.
func (c Cases) ValueGetter() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	o := &opener{current: func() (*sql.Tx, error) { return tx, nil }}
	if err := o.touch(); err != nil {
		return err
	}
	return tx.Commit()
}
