// Package m has what settings and comments decide about.
package m

import (
	"context"
	"database/sql"

	"m/store"
)

func F(db *sql.DB, n int) error {
	tx, err := db.Begin()
	if err != nil {
		return err // The error of Begin is looked at first.
	}
	if n == 1 {
		return nil
	}
	if n == 2 {
		return nil //nolint:unfinishedtx // the rule by its name
	}
	if n == 3 {
		return nil //nolint:txcheck // the plugin by its name
	}
	if n == 4 {
		panic("only the setting panics reports this")
	}
	return tx.Commit()
}

func Bounded(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.Exec("SELECT 1")
	return err
}

func Own(db *store.DB, n int) error {
	tx := db.Begin()
	if n == 1 {
		return nil
	}
	return tx.Done()
}
