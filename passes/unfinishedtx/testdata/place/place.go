// Package place is about where a rollback stands that was missing.
package place

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"
)

var errStop = errors.New("stop")

// arms begins in one of two ways.
func arms(ctx context.Context, db *sql.DB, reads bool) error {
	var tx *sql.Tx
	var err error
	if reads {
		tx, err = db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	} else {
		tx, err = db.Begin()
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		return err // want `leaves transaction tx open` `leaves transaction tx open`
	}
	return tx.Commit()
}

// late defers below the first way out.
func late(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}

	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		return err // want `leaves transaction tx open`
	}

	// Does nothing behind a commit.
	defer func() { _ = tx.Rollback() }()

	if _, err := tx.Exec("DELETE FROM stock"); err != nil {
		return err
	}
	return tx.Commit()
}

// deferred defers something else between the Begin and its check.
func deferred(db *sql.DB) error {
	tx, err := db.Begin()
	defer func() {
		if r := recover(); r != nil {
			_ = tx.Rollback()
			panic(r)
		}
	}()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		return err // want `leaves transaction tx open`
	}
	return tx.Commit()
}

// connection closes by hand what it begins on.
func connection(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		_ = conn.Close()
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		return err // want `leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		_ = conn.Close()
		return err
	}
	return conn.Close()
}

// pause waits before it tries again.
func pause(db *sql.DB, failed chan<- error) error {
	for {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM items"); err != nil {
			slog.Warn("again", "err", err)
			failed <- err
			time.Sleep(time.Second)
			continue // want `leaves transaction tx open`
		}
		return tx.Commit()
	}
}

// batch has a transaction wherever it is used.
func batch(db *sql.DB, queries []string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	for _, query := range queries {
		if _, err := tx.Exec(query); err != nil {
			return err // want `leaves transaction tx open` `leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		if tx, err = db.Begin(); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// A unit rolls back when it is closed, unless it has been committed.
type unit struct {
	tx   *sql.Tx
	done bool
}

func begin(db *sql.DB) (*unit, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &unit{tx: tx}, nil
}

func (u *unit) commit() error {
	u.done = true
	return u.tx.Commit()
}

func (u *unit) close() {
	if !u.done {
		rollback(u.tx)
	}
}

func rollback(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		slog.Error("rollback", "err", err)
	}
}

func closed(db *sql.DB, stop bool) error {
	u, err := begin(db)
	if err != nil {
		return err
	}
	if stop {
		return errStop // want `leaves transaction u open`
	}
	return u.commit()
}

func closedEach(db *sql.DB, queries []string) error {
	for _, query := range queries {
		u, err := begin(db)
		if err != nil {
			return err
		}
		if _, err := u.tx.Exec(query); err != nil {
			return err // want `leaves transaction u open`
		}
		if err := u.commit(); err != nil {
			return err
		}
	}
	return nil
}
