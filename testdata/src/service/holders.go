package service

import (
	"context"

	"txcases/store"
)

// Any works on an interface that hides the transaction.
func (c Cases) Any(ctx context.Context) error {
	tx, err := c.s.BeginAny(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// AnyForgets does not roll it back.
func (c Cases) AnyForgets(ctx context.Context) error {
	tx, err := c.s.BeginAny(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Hidden puts a transaction into an interface itself.
func (c Cases) Hidden(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	var any store.Tx = tx
	defer any.Rollback()
	if _, err := any.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err
	}
	return any.Commit()
}

// HiddenForgets leaves it in there.
func (c Cases) HiddenForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	var any store.Tx = tx
	if _, err := any.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return any.Commit()
}

// Batch flushes what it has begun, or closes it.
func (c Cases) Batch(ctx context.Context) error {
	b, err := c.s.NewBatch(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	if err := b.Add(ctx, "tea"); err != nil {
		return err
	}
	return b.Flush()
}

// BatchDrops drops it by hand.
func (c Cases) BatchDrops(ctx context.Context) error {
	b, err := c.s.NewBatch(ctx)
	if err != nil {
		return err
	}
	if err := b.Add(ctx, "tea"); err != nil {
		b.Drop()
		return err
	}
	return b.Flush()
}

// BatchForgets drops it for one of two reasons.
func (c Cases) BatchForgets(ctx context.Context) error {
	b, err := c.s.NewBatch(ctx)
	if err != nil {
		return err
	}
	if err := b.Add(ctx, "tea"); err != nil {
		b.Drop()
		return err
	}
	if b.Len() < 2 {
		return errBusy // want `return leaves transaction .* open`
	}
	return b.Flush() // not reached
}

// BatchTx ends the batch's transaction behind its back.
func (c Cases) BatchTx(ctx context.Context) error {
	b, err := c.s.NewBatch(ctx)
	if err != nil {
		return err
	}
	if err := b.Add(ctx, "tea"); err != nil {
		store.Rollback(b.Tx())
		return err
	}
	return b.Tx().Commit()
}

// BatchTxLent only works on it.
func (c Cases) BatchTxLent(ctx context.Context) error {
	b, err := c.s.NewBatch(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, b.Tx(), "tea"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return b.Flush()
}

// Group ends a transaction two fields deep.
func (c Cases) Group(ctx context.Context) error {
	g, err := c.s.NewGroup(ctx, "tea")
	if err != nil {
		return err
	}
	return g.End(c.check(ctx))
}

// GroupForgets has an error that it does not show.
func (c Cases) GroupForgets(ctx context.Context) error {
	g, err := c.s.NewGroup(ctx, "tea")
	if err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction .* open`
	}
	if g.Title() == "" {
		return g.End(errBusy) // not reached
	}
	return g.End(nil)
}

// Repo lends the transaction to a value that ends with the call.
func (c Cases) Repo(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	items := store.NewRepo(tx)
	if err := items.Remove(ctx, "tea"); err != nil {
		store.Rollback(tx)
		return err
	}
	return tx.Commit()
}

// RepoForgets takes the lending for a gift.
func (c Cases) RepoForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	items := store.NewRepo(tx)
	if err := items.Remove(ctx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RepoWith asks another value for one on the transaction.
func (c Cases) RepoWith(ctx context.Context) error {
	all := store.NewRepo(c.p.DB)
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.Rollback(tx)
	if err := all.WithTx(tx).Remove(ctx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// RepoWithForgets does so without the defer.
func (c Cases) RepoWithForgets(ctx context.Context) error {
	all := store.NewRepo(c.p.DB)
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := all.WithTx(tx).Remove(ctx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Pooled puts it where others will end it.
func (c Cases) Pooled(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	c.pool.Put(tx)
	return nil
}

// PooledForgets does not pool what has failed.
func (c Cases) PooledForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	c.pool.Put(tx)
	return nil
}

// PooledHere drains the pool itself.
func (c Cases) PooledHere(ctx context.Context) error {
	var own store.Pool
	defer own.Drain()
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	own.Put(tx)
	return store.Add(ctx, tx, "tea")
}

// BatchPassedOn gives the batch to its caller.
func (c Cases) BatchPassedOn(ctx context.Context) (*store.Batch, error) {
	b, err := c.s.NewBatch(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.Add(ctx, "tea"); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// BatchPassedOnForgets gives it away along one path only.
func (c Cases) BatchPassedOnForgets(ctx context.Context) (*store.Batch, error) {
	b, err := c.s.NewBatch(ctx)
	if err != nil {
		return nil, err
	}
	if err := b.Add(ctx, "tea"); err != nil {
		return nil, err // want `return leaves transaction .* open`
	}
	return b, nil
}
