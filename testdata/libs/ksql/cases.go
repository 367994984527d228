// Package ksql holds cases of github.com/vingarcia/ksql, whose transactions are
// callbacks above an adapter.
package ksql

import (
	"context"
	"database/sql"
	"errors"

	"github.com/vingarcia/ksql"
	"github.com/vingarcia/ksql/sqldialect"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db ksql.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db, err := ksql.NewWithAdapter(adapter{p.DB}, sqldialect.SupportedDialects["sqlite3"])
	if err != nil {
		panic(err)
	}
	return Cases{p, db}
}

// runner is what *sql.DB and *sql.Tx have in common.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// base is the part of an adapter that runs statements.
type base struct{ r runner }

// ExecContext implements ksql.DBAdapter.
func (b base) ExecContext(ctx context.Context, query string, args ...any) (ksql.Result, error) {
	return b.r.ExecContext(ctx, query, args...)
}

// QueryContext implements ksql.DBAdapter.
func (b base) QueryContext(ctx context.Context, query string, args ...any) (ksql.Rows, error) {
	return b.r.QueryContext(ctx, query, args...) // not reached
}

// adapter makes a ksql database of one of database/sql.
type adapter struct{ *sql.DB }

// ExecContext implements ksql.DBAdapter.
func (a adapter) ExecContext(ctx context.Context, query string, args ...any) (ksql.Result, error) {
	return base{a.DB}.ExecContext(ctx, query, args...) // not reached
}

// QueryContext implements ksql.DBAdapter.
func (a adapter) QueryContext(ctx context.Context, query string, args ...any) (ksql.Rows, error) {
	return base{a.DB}.QueryContext(ctx, query, args...) // not reached
}

// BeginTx implements ksql.TxBeginner.
func (a adapter) BeginTx(ctx context.Context) (ksql.Tx, error) {
	tx, err := a.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return transaction{base{tx}, tx}, nil
}

// transaction makes a ksql transaction of one of database/sql.
type transaction struct {
	base
	tx *sql.Tx
}

// Commit implements ksql.Tx.
func (t transaction) Commit(context.Context) error { return t.tx.Commit() }

// Rollback implements ksql.Tx.
func (t transaction) Rollback(context.Context) error { return t.tx.Rollback() }

var errCount = errors.New("nothing left")

// Managed leaves all of it to the library.
func (c Cases) Managed(ctx context.Context) error {
	return c.db.Transaction(ctx, func(db ksql.Provider) error { return empty(ctx, db) })
}

func empty(ctx context.Context, db ksql.Provider) error {
	_, err := db.Exec(ctx, "DELETE FROM orders")
	return err
}

// ManagedBeside begins another one in the callback.
func (c Cases) ManagedBeside(ctx context.Context) error {
	return c.db.Transaction(ctx, func(db ksql.Provider) error {
		audit, err := c.p.DB.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if c.p.Choose() {
			return errCount // want `return leaves transaction audit open`
		}
		return audit.Commit()
	})
}

// ManagedBesideEnds ends it.
func (c Cases) ManagedBesideEnds(ctx context.Context) error {
	return c.db.Transaction(ctx, func(db ksql.Provider) error {
		audit, err := c.p.DB.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer audit.Rollback()
		if c.p.Choose() {
			return errCount
		}
		return audit.Commit()
	})
}

// Below begins on the adapter.
func (c Cases) Below(ctx context.Context) error { return c.below(ctx, adapter{c.p.DB}) }

func (c Cases) below(ctx context.Context, db ksql.TxBeginner) error {
	tx, err := db.BeginTx(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// BelowEnds rolls back.
func (c Cases) BelowEnds(ctx context.Context) error { return c.belowEnds(ctx, adapter{c.p.DB}) }

func (c Cases) belowEnds(ctx context.Context, db ksql.TxBeginner) error {
	tx, err := db.BeginTx(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM orders"); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

// OwnAdapter begins on the adapter's own type.
func (c Cases) OwnAdapter(ctx context.Context) error {
	tx, err := adapter{c.p.DB}.BeginTx(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// OwnAdapterEnds rolls back in any case.
func (c Cases) OwnAdapterEnds(ctx context.Context) error {
	tx, err := adapter{c.p.DB}.BeginTx(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if c.p.Choose() {
		return errCount
	}
	return tx.Commit(ctx)
}

// Nested runs in the transaction of its caller.
func (c Cases) Nested(ctx context.Context) error {
	return c.db.Transaction(ctx, func(db ksql.Provider) error {
		return db.Transaction(ctx, func(db ksql.Provider) error { return empty(ctx, db) })
	})
}
