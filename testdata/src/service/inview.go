package service

import (
	"context"
	"database/sql"

	"txcases/store"
)

// ender is an interface with one implementation.
type ender interface {
	end(tx *sql.Tx, err error) error
	look(tx *sql.Tx)
}

// strict is that one.
type strict struct{ looks int }

func (s *strict) end(tx *sql.Tx, err error) error { return store.Finish(tx, err) }
func (s *strict) look(*sql.Tx)                    { s.looks++ }

// ByInterface finishes through the interface.
func (c Cases) ByInterface(ctx context.Context) error {
	var e ender = &strict{}
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	return c.endBy(ctx, e, tx)
}

func (c Cases) endBy(ctx context.Context, e ender, tx *sql.Tx) error {
	return e.end(tx, store.Add(ctx, tx, "tea"))
}

// ByInterfaceLooks calls another method of it.
func (c Cases) ByInterfaceLooks(ctx context.Context) error {
	return c.lookBy(ctx, &strict{})
}

func (c Cases) lookBy(ctx context.Context, e ender) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		e.look(tx)
		return err // want `return leaves transaction tx open`
	}
	return e.end(tx, nil)
}

// opener is an interface whose one implementation is in another package.
type opener interface {
	Begin(ctx context.Context) (*sql.Tx, error)
	NewBatch(ctx context.Context) (*store.Batch, error)
}

// Opened begins through the interface.
func (c Cases) Opened(ctx context.Context) error {
	return c.openedBy(ctx, c.s)
}

func (c Cases) openedBy(ctx context.Context, o opener) error {
	tx, err := o.Begin(ctx)
	if err != nil {
		return err
	}
	return store.Finish(tx, store.Add(ctx, tx, "tea"))
}

// OpenedForgets forgets what the interface has begun.
func (c Cases) OpenedForgets(ctx context.Context) error {
	return c.openedForgetsBy(ctx, c.s)
}

func (c Cases) openedForgetsBy(ctx context.Context, o opener) error {
	tx, err := o.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OpenedBatch begins a batch through it.
func (c Cases) OpenedBatch(ctx context.Context) error {
	return c.openedBatchBy(ctx, c.s)
}

func (c Cases) openedBatchBy(ctx context.Context, o opener) error {
	b, err := o.NewBatch(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	if err := b.Add(ctx, "tea"); err != nil {
		return err
	}
	return b.Flush()
}

// beginner is an interface of many: databases, connections, and whatever looks
// like them.
type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

// Begun begins on whatever it is given.
func (c Cases) Begun(ctx context.Context) error {
	return c.begunOn(ctx, c.p.DB)
}

func (c Cases) begunOn(ctx context.Context, b beginner) error {
	tx, err := b.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.Rollback(tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// BegunForgets does not say so when it is done with it.
func (c Cases) BegunForgets(ctx context.Context) error {
	return c.begunForgetsOn(ctx, c.p.DB)
}

func (c Cases) begunForgetsOn(ctx context.Context, b beginner) error {
	tx, err := b.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ending is an interface with two implementations, which both finish.
type ending interface {
	RollbackTx(tx *sql.Tx)
}

type quiet struct{}

func (quiet) RollbackTx(tx *sql.Tx) { _ = tx.Rollback() }

type noted struct{ n int }

func (n *noted) RollbackTx(tx *sql.Tx) {
	n.n++
	store.Rollback(tx)
}

// Ended rolls back through one of the two.
func (c Cases) Ended(ctx context.Context) error {
	if c.p.Choose() {
		return c.endedBy(ctx, quiet{})
	}
	return c.endedBy(ctx, &noted{})
}

func (c Cases) endedBy(ctx context.Context, e ending) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer e.RollbackTx(tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// EndedTooLate returns before it comes to that.
func (c Cases) EndedTooLate(ctx context.Context) error {
	return c.endedTooLateBy(ctx, quiet{})
}

func (c Cases) endedTooLateBy(ctx context.Context, e ending) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer e.RollbackTx(tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}
