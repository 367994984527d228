// Package bob holds cases of github.com/stephenafamo/bob, whose transactions are
// structs around those of database/sql.
package bob

import (
	"context"
	"errors"

	"github.com/stephenafamo/bob"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db bob.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p, bob.NewDB(p.DB)} }

var errCount = errors.New("nothing left")

// Exec forgets the rollback.
func (c Cases) Exec(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// ExecDeferred rolls back in any case.
func (c Cases) ExecDeferred(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.ExecContext(ctx, "DELETE FROM orders"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OnConn begins on one connection.
func (c Cases) OnConn(ctx context.Context) error {
	raw, err := c.p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer raw.Close()
	tx, err := bob.NewConn(raw).Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if c.p.Choose() {
		return errCount
	}
	return tx.Commit(ctx)
}

// Lent passes it as an interface that cannot end it.
func (c Cases) Lent(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// LentBack ends what it has lent.
func (c Cases) LentBack(ctx context.Context) error {
	tx, err := c.db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

func empty(ctx context.Context, db bob.Executor) error {
	_, err := db.ExecContext(ctx, "DELETE FROM orders")
	return err
}

// Generic begins through the generic interface of the library.
func (c Cases) Generic(ctx context.Context) error { return step[bob.Tx](ctx, c.p, c.db) }

func step[T bob.Transaction](ctx context.Context, p *txprobe.Probe, db bob.Transactor[T]) error {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	if p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// GenericEnds rolls back.
func (c Cases) GenericEnds(ctx context.Context) error { return stepEnds[bob.Tx](ctx, c.p, c.db) }

func stepEnds[T bob.Transaction](ctx context.Context, p *txprobe.Probe, db bob.Transactor[T]) error {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	if p.Choose() {
		_ = tx.Rollback(ctx)
		return errCount
	}
	return tx.Commit(ctx)
}

// Managed leaves all of it to the library.
func (c Cases) Managed(ctx context.Context) error {
	return c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bob.Executor) error { return empty(ctx, tx) })
}

// Named makes a bob transaction of one that database/sql began.
func (c Cases) Named(ctx context.Context) error {
	raw, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	tx := bob.NewTx(raw)
	if err := empty(ctx, tx); err != nil {
		return err // want `return leaves transaction raw open`
	}
	return tx.Commit(ctx)
}

// NamedEnds ends it under the new name.
func (c Cases) NamedEnds(ctx context.Context) error {
	raw, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	tx := bob.NewTx(raw)
	defer tx.Rollback(ctx)
	if err := empty(ctx, tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
