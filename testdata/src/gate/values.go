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
		return errShut // want `return leaves transaction tx open: o.beginTx on line \d+, which calls c.p.DB.BeginTx in values.go:\d+, is neither`
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
		return err // not reached
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

// A shelf is a repository that works in a transaction.
type shelf struct{ tx *sql.Tx }

func newShelf(tx *sql.Tx) *shelf { return &shelf{tx: tx} }

// bound begins, and yields what is made of the transaction, whatever that is.
func bound[R any](db *sql.DB, bind func(tx *sql.Tx) R) (R, error) {
	tx, err := db.Begin()
	if err != nil {
		var none R
		return none, err
	}
	return bind(tx), nil
}

// ValueBound ends the transaction in a repository of its own.
func (c Cases) ValueBound() error {
	s, err := bound(c.p.DB, newShelf)
	if err != nil {
		return err
	}
	defer s.tx.Rollback()
	return s.tx.Commit()
}

// queried yields what a query has found.
func queried[R any](db *sql.DB, query func(tx *sql.Tx) (R, error)) (R, error) {
	tx, err := db.Begin()
	if err != nil {
		var none R
		return none, err
	}
	found, err := query(tx)
	if err != nil {
		return found, err // want `return leaves transaction tx open`
	}
	return found, tx.Commit()
}

// ValueQueried asks for a number.
func (c Cases) ValueQueried() error {
	_, err := queried(c.p.DB, func(tx *sql.Tx) (int, error) { return 1, touch(tx) })
	return err
}

// settling has what begins and what ends.
type settling struct {
	begin  func() (*sql.Tx, error)
	settle func(*sql.Tx, error) error
}

func (s *settling) run() error {
	tx, err := s.begin()
	if err != nil {
		return err
	}
	return s.settle(tx, touch(tx))
}

// ValueSettles ends by a field of function type.
func (c Cases) ValueSettles() error {
	s := &settling{begin: c.p.DB.Begin, settle: func(tx *sql.Tx, err error) error {
		if err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	}}
	return s.run()
}

// committing makes a function that ends what it is given.
func committing(work func(*sql.Tx) error) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		if err := work(tx); err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	}
}

// ValueMade calls it.
func (c Cases) ValueMade() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShut // want `return leaves transaction tx open`
	}
	end := committing(touch)
	return end(tx)
}
