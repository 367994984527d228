package style

import (
	"context"
	"database/sql"
	"log"
	"sync"
)

// Helpers that do more than roll back: no fix brings one in.

func rollbackOrCommit(tx *sql.Tx) {
	if recover() == nil {
		_ = tx.Commit()
		return
	}
	_ = tx.Rollback()
}

func rollbackOrDie(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil {
		log.Fatal(err)
	}
}

var mu sync.Mutex

func rollbackUnlocked(tx *sql.Tx) {
	mu.Unlock()
	_ = tx.Rollback()
}

func usesThem(db *sql.DB, n int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	switch n {
	case 0:
		defer rollbackOrCommit(tx)
	case 1:
		defer rollbackOrDie(tx)
	default:
		mu.Lock()
		defer rollbackUnlocked(tx)
	}
	_, err = tx.Exec("DELETE FROM unfit")
	return err
}

func unfit(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM unfit"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

type joined struct{}

func joinOrBegin(ctx context.Context, db *sql.DB) (*sql.Tx, bool, error) {
	if tx, ok := ctx.Value(joined{}).(*sql.Tx); ok {
		return tx, false, nil
	}
	tx, err := db.BeginTx(ctx, nil)
	return tx, err == nil, err
}

// A rollback here may end a transaction that the caller has begun.
func foreign(ctx context.Context, db *sql.DB) error {
	tx, _, err := joinOrBegin(ctx, db)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM unfit"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// The flag tells that it does not.
func owned(ctx context.Context, db *sql.DB) error {
	tx, own, err := joinOrBegin(ctx, db)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM unfit"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if own {
		return tx.Commit()
	}
	return nil
}
