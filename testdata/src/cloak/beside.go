package cloak

import (
	"context"
	"database/sql"
)

type besideKey struct{}

// Enter begins, and yields the transaction and a context that has it.
func Enter(ctx context.Context, db *sql.DB) (context.Context, *sql.Tx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return context.WithValue(ctx, besideKey{}, tx), tx, nil
}

// Exit rolls back what the context has.
func Exit(ctx context.Context) {
	if tx, ok := ctx.Value(besideKey{}).(*sql.Tx); ok {
		_ = tx.Rollback()
	}
}
