package store

import (
	"context"
	"database/sql"
)

// Enter begins, and puts the transaction into the context.
func (s *Store) Enter(ctx context.Context) (context.Context, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return NewContext(ctx, tx), nil
}

// Leave ends the transaction that the context carries.
func (s *Store) Leave(ctx context.Context, err error) error {
	return leave(FromContext(ctx), err)
}

func leave(tx *sql.Tx, err error) error {
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// AddIn adds in the transaction that the context carries.
func AddIn(ctx context.Context, name string) error { return Add(ctx, FromContext(ctx), name) }
