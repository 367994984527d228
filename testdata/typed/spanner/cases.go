// Package spanner holds cases of cloud.google.com/go/spanner. They need a server and
// are not run.
//
//txprobe:not-run
package spanner

import (
	"context"
	"errors"

	"cloud.google.com/go/spanner"
	"google.golang.org/api/iterator"
)

// Cases are the functions to judge.
type Cases struct{ client *spanner.Client }

var errEmpty = errors.New("nothing to do")

var clean = spanner.Statement{SQL: "DELETE FROM Session WHERE Expired"}

// Clean forgets the rollback when there is nothing to clean (T3).
func (c Cases) Clean(ctx context.Context) error {
	tx, err := spanner.NewReadWriteStmtBasedTransaction(ctx, c.client)
	if err != nil {
		return err
	}
	n, err := tx.Update(ctx, clean)
	if err != nil {
		tx.Rollback(ctx)
		return err
	}
	if n == 0 {
		return errEmpty // want `return leaves transaction tx open`
	}
	_, err = tx.Commit(ctx)
	return err
}

// CleanDeferred rolls back unless it has committed (T2).
func (c Cases) CleanDeferred(ctx context.Context) error {
	tx, err := spanner.NewReadWriteStmtBasedTransactionWithOptions(ctx, c.client, spanner.TransactionOptions{})
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			tx.Rollback(ctx)
		}
	}()
	if _, err := tx.Update(ctx, clean); err != nil {
		return err
	}
	done = true
	_, err = tx.Commit(ctx)
	return err
}

// CleanManaged leaves the end to spanner (T7).
func (c Cases) CleanManaged(ctx context.Context) error {
	_, err := c.client.ReadWriteTransaction(ctx, func(ctx context.Context, tx *spanner.ReadWriteTransaction) error {
		n, err := tx.Update(ctx, clean)
		if err != nil {
			return err
		}
		if n == 0 {
			return errEmpty
		}
		return nil
	})
	return err
}

// Retry begins anew after an abort, and forgets the new one.
func (c Cases) Retry(ctx context.Context) error {
	tx, err := spanner.NewReadWriteStmtBasedTransaction(ctx, c.client)
	if err != nil {
		return err
	}
	if _, err = tx.Commit(ctx); err == nil {
		return nil
	}
	if tx, err = tx.ResetForRetry(ctx); err != nil {
		return err
	}
	if _, err := tx.Update(ctx, clean); err != nil {
		return err // want `return leaves transaction tx open`
	}
	_, err = tx.Commit(ctx)
	return err
}

// RetryRolled rolls it back.
func (c Cases) RetryRolled(ctx context.Context) error {
	tx, err := spanner.NewReadWriteStmtBasedTransaction(ctx, c.client)
	if err != nil {
		return err
	}
	if _, err = tx.Commit(ctx); err == nil {
		return nil
	}
	if tx, err = tx.ResetForRetry(ctx); err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Update(ctx, clean); err != nil {
		return err
	}
	_, err = tx.Commit(ctx)
	return err
}

// Count reads in a transaction of its own, which holds no connection, and does not
// close it on every way out.
func (c Cases) Count(ctx context.Context) (n int, err error) {
	tx := c.client.ReadOnlyTransaction()
	it := tx.Query(ctx, spanner.Statement{SQL: "SELECT Id FROM Session"})
	defer it.Stop()
	for {
		switch _, err := it.Next(); {
		case errors.Is(err, iterator.Done):
			tx.Close()
			return n, nil
		case err != nil:
			return 0, err // want `return leaves transaction tx open: c.client.ReadOnlyTransaction on line \d+ is neither committed nor rolled back when err != nil; it holds no connection`
		}
		n++
	}
}

// CountClosed closes it.
func (c Cases) CountClosed(ctx context.Context, id string) (*spanner.Row, error) {
	tx := c.client.ReadOnlyTransaction().WithTimestampBound(spanner.StrongRead())
	defer tx.Close()
	return tx.ReadRow(ctx, "Session", spanner.Key{id}, []string{"Id"})
}

// Single needs no end.
func (c Cases) Single(ctx context.Context, id string) (*spanner.Row, error) {
	return c.client.Single().ReadRow(ctx, "Session", spanner.Key{id}, []string{"Id"})
}

// Batch cleans up its batch in one of two ways out.
func (c Cases) Batch(ctx context.Context) (int, error) {
	tx, err := c.client.BatchReadOnlyTransaction(ctx, spanner.StrongRead())
	if err != nil {
		return 0, err
	}
	parts, err := tx.PartitionQuery(ctx, spanner.Statement{SQL: "SELECT 1"}, spanner.PartitionOptions{})
	if err != nil {
		return 0, err // want `return leaves transaction tx open`
	}
	tx.Cleanup(ctx)
	return len(parts), nil
}
