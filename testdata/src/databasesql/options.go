package databasesql

import (
	"context"
	"database/sql"
)

// readOnly asks for an option before and after the Begin that it is given to.
func readOnly(ctx context.Context, db *sql.DB, o sql.TxOptions) error {
	if !o.ReadOnly {
		return nil
	}
	tx, err := db.BeginTx(ctx, &o)
	if err != nil {
		return err
	}
	if !o.ReadOnly {
		return nil // not reached
	}
	return tx.Rollback()
}

// OptionAgain has a Begin that leaves its options as they are (T2).
func (c Cases) OptionAgain(only bool) error {
	return readOnly(context.Background(), c.p.DB, sql.TxOptions{ReadOnly: only})
}

func serial(ctx context.Context, db *sql.DB, o sql.TxOptions) error {
	if o.ReadOnly {
		o.Isolation = sql.LevelSerializable
	}
	tx, err := db.BeginTx(ctx, &o)
	if err != nil {
		return err
	}
	if o.ReadOnly && o.Isolation == sql.LevelSerializable {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OptionForgets leaves it open with one of its options.
func (c Cases) OptionForgets(only bool) error {
	return serial(context.Background(), c.p.DB, sql.TxOptions{ReadOnly: only})
}
