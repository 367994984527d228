// Package messages holds what a message says beyond the exit.
package messages

import (
	"context"
	"database/sql"
	"net/http"
	"time"
)

func handler(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := db.BeginTx(r.Context(), nil)
		if err != nil {
			return
		}
		if r.Method == http.MethodGet {
			return // want `open: db.BeginTx on line 13 is neither committed nor rolled back when r.Method == http.MethodGet; it is rolled back silently when its context is cancelled \(in handler\)`
		}
		tx.Commit()
	}
}

func derived(db *sql.DB, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	_ = cancel
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		return err // want `rolled back silently`
	}
	return tx.Commit()
}

func detached(db *sql.DB, r *http.Request) error {
	tx, err := db.BeginTx(context.WithoutCancel(r.Context()), nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		return err // want `when err != nil \(in detached\)`
	}
	return tx.Commit()
}

func success(db *sql.DB, done bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		tx.Rollback()
		return err
	}
	if done {
		return nil // want `when done; nothing commits the work on this path \(in success\)`
	}
	return tx.Commit()
}

func noWork(db *sql.DB, done bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if done {
		return nil // want `when done \(in noWork\)`
	}
	return tx.Commit()
}

func begin(ctx context.Context, db *sql.DB) (*sql.Tx, error) { return db.BeginTx(ctx, nil) }

func beginInTime(db *sql.DB, ctx context.Context) (*sql.Tx, context.CancelFunc, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	tx, err := begin(ctx, db)
	return tx, cancel, err
}

func wrapped(db *sql.DB, r *http.Request) error {
	tx, err := begin(r.Context(), db)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		return err // want `begin on line \d+, which calls db.BeginTx in messages.go:\d+, .*; it is rolled back silently`
	}
	return tx.Commit()
}

func wrappedInTime(db *sql.DB, r *http.Request) error {
	tx, _, err := beginInTime(db, r.Context())
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		return err // want `; it is rolled back silently`
	}
	return tx.Commit()
}

func traced(db *sql.DB, r *http.Request) error {
	ctx := r.Context()
	ctx = context.WithValue(ctx, key{}, "trace")
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		return err // want `rolled back silently`
	}
	return tx.Commit()
}

func tracedOfCaller(ctx context.Context, db *sql.DB) error {
	ctx = context.WithValue(ctx, key{}, "trace")
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM a"); err != nil {
		return err // want `when err != nil \(in tracedOfCaller\)`
	}
	return tx.Commit()
}

type key struct{}
