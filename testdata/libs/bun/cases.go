// Package bun holds cases of github.com/uptrace/bun, whose Tx is a struct and not a
// pointer.
package bun

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *bun.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	p.Savepoints()
	p.Owner(func(v any) bool {
		tx, ok := v.(bun.Tx)
		if ok && tx.Tx != nil {
			_ = tx.Rollback()
		}
		return ok
	})
	return Cases{p, bun.NewDB(p.DB, sqlitedialect.New())}
}

// Order is a row of the table orders.
type Order struct {
	ID    int64 `bun:",pk"`
	Count int64
}

var errCount = errors.New("nothing left")

// Update forgets the rollback.
func (c Cases) Update(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	if _, err := tx.NewUpdate().Model(&Order{ID: 1}).WherePK().Exec(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UpdateDeferred rolls back in any case.
func (c Cases) UpdateDeferred(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.NewUpdate().Model(&Order{ID: 1}).WherePK().Exec(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// WithoutContext begins with the short form, and leaves on a count.
func (c Cases) WithoutContext() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Lent passes the transaction as an interface that cannot end it.
func (c Cases) Lent(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LentBack ends what it has lent.
func (c Cases) LentBack(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, &tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func empty(ctx context.Context, db bun.IDB) error {
	_, err := db.ExecContext(ctx, "DELETE FROM orders")
	return err
}

// Managed leaves all of it to the library.
func (c Cases) Managed(ctx context.Context) error {
	return c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return empty(ctx, tx)
	})
}

// ManagedBeside begins another one in the callback.
func (c Cases) ManagedBeside(ctx context.Context) error {
	return c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		audit, err := c.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := empty(ctx, audit); err != nil {
			return err // want `return leaves transaction audit open`
		}
		return audit.Commit()
	})
}

// OnConn begins on one connection.
func (c Cases) OnConn(ctx context.Context) error {
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := empty(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// ThroughIDB begins on whatever it is given, here a database.
func (c Cases) ThroughIDB(ctx context.Context) error {
	return c.throughIDB(ctx, c.db)
}

func (c Cases) throughIDB(ctx context.Context, db bun.IDB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Zero shows the zero value where begin fails.
func (c Cases) Zero(ctx context.Context) (tx bun.Tx, err error) {
	tx, err = c.db.BeginTx(ctx, nil)
	if err != nil {
		return bun.Tx{}, err
	}
	if err := empty(ctx, tx); err != nil {
		return bun.Tx{}, err // want `return leaves transaction tx open`
	}
	return tx, nil
}

// Repo holds a transaction while it lives.
type repo struct{ db bun.IDB }

func (r repo) empty(ctx context.Context) error { return empty(ctx, r.db) }

// Repository lends it to a repository, and keeps a copy of the struct.
func (c Cases) Repository(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	mine := tx
	if err := (repo{tx}).empty(ctx); err != nil {
		_ = mine.Rollback()
		return err
	}
	return mine.Commit()
}
