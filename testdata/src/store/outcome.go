package store

import (
	"context"
	"database/sql"
)

// An Outcome says what becomes of a transaction.
type Outcome int

// The outcomes.
const (
	Keep Outcome = iota
	Drop
	Later
)

// Close ends a transaction unless that is left for later.
func Close(tx *sql.Tx, how Outcome) error {
	switch how {
	case Keep:
		return tx.Commit()
	case Drop:
		return tx.Rollback()
	}
	return nil
}

// CloseAs is Close for a word.
func CloseAs(tx *sql.Tx, how string) error {
	if how == "later" {
		return nil
	}
	if how != "keep" {
		return tx.Rollback()
	}
	return tx.Commit()
}

// For begins a transaction, where the mode is one that needs it.
func For(ctx context.Context, db *sql.DB, mode string) (*sql.Tx, error) {
	switch mode {
	case "write":
		return db.BeginTx(ctx, nil)
	case "read":
		return db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	}
	return nil, nil
}

// Price has many ways to say the same.
func Price(ctx context.Context, tx *sql.Tx, unit int) error {
	query := ""
	switch unit {
	case 1:
		query = "UPDATE items SET price = 1"
	case 2:
		query = "UPDATE items SET price = 2"
	case 3:
		query = "UPDATE items SET price = 3"
	case 4:
		query = "UPDATE items SET price = 4"
	case 5:
		query = "UPDATE items SET price = 5"
	default:
		return nil
	}
	_, err := tx.ExecContext(ctx, query)
	return err
}
