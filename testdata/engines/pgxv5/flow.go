package pgxv5

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Managed leaves the end to pgx (T7).
func (c Cases) Managed(ctx context.Context) error {
	return pgx.BeginFunc(ctx, c.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
			return err
		}
		if c.p.Choose() {
			return errPoor
		}
		return nil
	})
}

// ManagedInside begins another transaction in the callback.
func (c Cases) ManagedInside(ctx context.Context) error {
	return pgx.BeginTxFunc(ctx, c.conn, pgx.TxOptions{}, func(tx pgx.Tx) error {
		other, err := c.pool.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := other.Exec(ctx, "INSERT INTO audit VALUES (1)"); err != nil {
			return err // want `return leaves transaction other open`
		}
		if err := other.Commit(ctx); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, updateBalance, 1, 1)
		return err
	})
}

// Nested uses a savepoint for what may fail.
func (c Cases) Nested(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	inner, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	defer inner.Rollback(ctx)
	if _, err := inner.Exec(ctx, "INSERT INTO audit VALUES (1)"); err == nil {
		if err := inner.Commit(ctx); err != nil {
			return err
		}
	} else if err := inner.Rollback(ctx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// NestedOuter finishes the savepoint and not the transaction around it.
func (c Cases) NestedOuter(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	inner, err := tx.Begin(ctx)
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	if _, err := inner.Exec(ctx, "INSERT INTO audit VALUES (1)"); err != nil {
		_ = inner.Rollback(ctx)
		return err // want `return leaves transaction tx open`
	}
	if err := inner.Commit(ctx); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

// Batch forgets the rollback when a statement of the batch fails.
func (c Cases) Batch(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(updateBalance, -1, 1)
	batch.Queue(updateBalance, 1, 2)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// BatchBegins sends the BEGIN along with the statements.
func (c Cases) BatchBegins(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.BeginTx(pgx.TxOptions{})
	batch.Queue(updateBalance, -1, 1)
	results := c.pool.SendBatch(ctx, batch)
	tx := results.Tx()
	defer tx.Rollback(ctx)
	if err := results.Close(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// BatchFails does not know that the transaction is there even if the batch fails.
func (c Cases) BatchFails(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.BeginTx(pgx.TxOptions{})
	batch.Queue(updateBalance, -1, 1)
	results := c.conn.SendBatch(ctx, batch)
	tx := results.Tx()
	if err := results.Close(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// BatchAgain asks for the transaction twice, and gets the same one.
func (c Cases) BatchAgain(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.BeginTx(pgx.TxOptions{})
	batch.Queue(updateBalance, 1, 1)
	results := c.pool.SendBatch(ctx, batch)
	defer results.Tx().Rollback(ctx)
	if err := results.Close(); err != nil {
		return err
	}
	return results.Tx().Commit(ctx)
}

// BatchAgainEarly asks for it twice and ends it in one of two ways out.
func (c Cases) BatchAgainEarly(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.BeginTx(pgx.TxOptions{})
	batch.Queue(updateBalance, 1, 1)
	results := c.pool.SendBatch(ctx, batch)
	tx := results.Tx()
	if err := results.Close(); err != nil {
		_ = results.Tx().Rollback(ctx)
		return err
	}
	if _, err := results.Tx().Exec(ctx, updateBalance, 2, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// Each begins one transaction per account, and skips some without an end.
func (c Cases) Each(ctx context.Context, ids []int) error {
	for _, id := range ids {
		tx, err := c.pool.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateBalance, 1, id); err != nil {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// EachFunc has a function for one round.
func (c Cases) EachFunc(ctx context.Context, ids []int) error {
	one := func(id int) error {
		tx, err := c.pool.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, updateBalance, 1, id); err != nil {
			return err
		}
		return tx.Commit(ctx)
	}
	for _, id := range ids {
		if err := one(id); err != nil {
			return err
		}
	}
	return nil
}

// Retry begins again after a serialization failure, and rolls back before it does.
func (c Cases) Retry(ctx context.Context) error {
	for range 2 {
		tx, err := c.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
			if err := tx.Rollback(ctx); err != nil {
				return err
			}
			continue
		}
		return tx.Commit(ctx)
	}
	return errBusy
}

// begin wraps the Begin of the pool.
func (c Cases) begin(ctx context.Context) (pgx.Tx, error) {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '1s'"); err != nil {
		_ = tx.Rollback(ctx)
		return nil, err
	}
	return tx, nil
}

// finish ends a transaction by the error of the function that it is deferred in.
func finish(ctx context.Context, tx pgx.Tx, err *error) {
	if *err != nil {
		*err = errors.Join(*err, tx.Rollback(ctx))
		return
	}
	*err = tx.Commit(ctx)
}

// Wrapped gets its transaction from a function (T8).
func (c Cases) Wrapped(ctx context.Context) error {
	tx, err := c.begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// WrappedBoth has functions for both ends.
func (c Cases) WrappedBoth(ctx context.Context) (err error) {
	tx, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer finish(ctx, tx, &err)
	_, err = tx.Exec(ctx, updateBalance, 1, 1)
	return err
}
