// Package shop holds cases that take their helpers from wherever they find them.
package shop

import (
	"context"
	"database/sql"
	"errors"

	"othercases/txkit"

	"txcases/store"
	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p *txprobe.Probe
	s *store.Store
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p: p, s: store.On(p.DB)} }

var errSold = errors.New("sold out")

// stock is an error when there is none.
func (c Cases) stock() error {
	if c.p.Choose() {
		return errSold
	}
	return nil
}

// AfterPanic has errors rolled back by hand and panics by a helper.
func (c Cases) AfterPanic(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.RollbackPanic(tx, &err)
	if err := c.stock(); err != nil {
		store.Rollback(tx)
		return err
	}
	return tx.Commit()
}

// AfterPanicOnly takes the helper for one that rolls back after errors, too.
func (c Cases) AfterPanicOnly(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.RollbackPanic(tx, &err)
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// AfterAll has a helper for all three.
func (c Cases) AfterAll(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.EndPanic(tx, &err)
	return c.stock()
}

// AfterAllLate defers it too late.
func (c Cases) AfterAllLate(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer store.EndPanic(tx, &err)
	return store.Add(ctx, tx, "tea")
}

// Asks works with queries.
func (c Cases) Asks(ctx context.Context) error {
	return c.s.ExecTx(ctx, func(q *store.Queries) error {
		if err := c.stock(); err != nil {
			return err
		}
		return q.AddItem(ctx, "tea")
	})
}

// AsksKnown is careful; what it calls is not.
func (c Cases) AsksKnown(ctx context.Context) error {
	return c.s.ExecKnown(ctx, func(q *store.Queries) error {
		if c.p.Choose() {
			return store.ErrClosed
		}
		return q.AddItem(ctx, "tea")
	})
}

// AsksTwice opens a second transaction in there.
func (c Cases) AsksTwice(ctx context.Context) error {
	return c.s.ExecTx(ctx, func(q *store.Queries) error {
		log, err := txkit.Begin(ctx, c.p.DB)
		if err != nil {
			return err
		}
		if err := q.AddItem(ctx, "tea"); err != nil {
			return err // want `return leaves transaction log open`
		}
		return log.Commit()
	})
}

// Chunks commits and goes on in another transaction.
func (c Cases) Chunks(ctx context.Context, ids []int) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for range ids {
		if err := store.Update(ctx, tx, "DELETE FROM carts"); err != nil {
			return err
		}
		if tx, err = c.s.Next(ctx, tx); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// ChunksOpen leaves the last one open.
func (c Cases) ChunksOpen(ctx context.Context, ids []int) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	for range ids {
		if err := store.Update(ctx, tx, "DELETE FROM carts"); err != nil {
			return err
		}
		if tx, err = c.s.Next(ctx, tx); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open` `return leaves transaction tx open`
}

// ChunksStop stops in the middle of one.
func (c Cases) ChunksStop(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if tx, err = c.s.Next(ctx, tx); err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A bulk writes in transactions of some rows each.
type bulk struct {
	s  *store.Store
	tx *sql.Tx
	n  int
}

// rotate ends one transaction and begins the next.
func (b *bulk) rotate(ctx context.Context) (err error) {
	if b.tx != nil {
		if err = b.tx.Commit(); err != nil {
			b.tx = nil
			return err
		}
	}
	b.n++
	b.tx, err = b.s.Begin(ctx)
	return err
}

// close ends the last one.
func (b *bulk) close() {
	if b.tx != nil {
		store.Rollback(b.tx)
	}
}

// Bulk closes what it rotates.
func (c Cases) Bulk(ctx context.Context) error {
	b := &bulk{s: c.s}
	defer b.close()
	for range 2 {
		if err := b.rotate(ctx); err != nil {
			return err
		}
	}
	return b.tx.Commit()
}

// BulkOpen does not.
func (c Cases) BulkOpen(ctx context.Context) error {
	b := &bulk{s: c.s}
	if err := b.rotate(ctx); err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return b.tx.Commit()
}

// Closes closes what comes with the transaction.
func (c Cases) Closes(ctx context.Context) error {
	tx, end, err := c.s.BeginClose(ctx)
	if err != nil {
		return err
	}
	defer end.Close()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// ClosesLate does so after the first statement.
func (c Cases) ClosesLate(ctx context.Context) error {
	tx, end, err := c.s.BeginClose(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return end.Close()
}
