package spanner

import (
	"context"

	"cloud.google.com/go/spanner"
	"google.golang.org/grpc/codes"
)

// RetryUpdate lets another one take its place where the server has ended it.
func (c Cases) RetryUpdate(ctx context.Context) error {
	tx, err := spanner.NewReadWriteStmtBasedTransaction(ctx, c.client)
	if err != nil {
		return err
	}
	for {
		_, err := tx.Update(ctx, clean)
		if err == nil {
			_, err = tx.Commit(ctx)
		}
		if spanner.ErrCode(err) != codes.Aborted {
			tx.Rollback(ctx)
			return err
		}
		if tx, err = tx.ResetForRetry(ctx); err != nil {
			return err
		}
	}
}

// RetryUpdateHasty forgets other failures.
func (c Cases) RetryUpdateHasty(ctx context.Context) error {
	tx, err := spanner.NewReadWriteStmtBasedTransaction(ctx, c.client)
	if err != nil {
		return err
	}
	for {
		_, err := tx.Update(ctx, clean)
		if err == nil {
			_, err = tx.Commit(ctx)
			return err
		}
		if spanner.ErrCode(err) != codes.Aborted {
			return err // want `return leaves transaction tx open` `return leaves transaction tx open`
		}
		if tx, err = tx.ResetForRetry(ctx); err != nil {
			return err
		}
	}
}
