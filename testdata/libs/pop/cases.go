// Package pop holds cases of github.com/gobuffalo/pop/v6, where a transaction is a
// connection that NewTransaction returns.
package pop

import (
	"context"
	"errors"

	"github.com/gobuffalo/pop/v6"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *pop.Connection
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db, err := pop.NewConnection(&pop.ConnectionDetails{
		Dialect: "mysql", Driver: txprobe.DriverName, Database: "shop", Host: "localhost", Port: "3306", User: "root",
	})
	if err != nil {
		panic(err)
	}
	if err := db.Open(); err != nil {
		panic(err)
	}
	return Cases{p, db}
}

var errCount = errors.New("nothing left")

// Store ends it through the store, except when it stops early.
func (c Cases) Store() error {
	tx, err := c.db.NewTransaction()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Store.Commit()
}

// StoreEnds rolls back.
func (c Cases) StoreEnds() error {
	tx, err := c.db.NewTransaction()
	if err != nil {
		return err
	}
	if err := tx.RawQuery("DELETE FROM orders").Exec(); err != nil {
		_ = tx.Store.Rollback()
		return err
	}
	return tx.Store.Commit()
}

// TX ends it through the transaction inside.
func (c Cases) TX(ctx context.Context) error {
	tx, err := c.db.NewTransactionContext(ctx)
	if err != nil {
		return err
	}
	defer tx.TX.Rollback()
	if err := tx.RawQuery("DELETE FROM orders").Exec(); err != nil {
		return err
	}
	return tx.TX.Commit()
}

// Closed closes the connection, which does not end the transaction.
func (c Cases) Closed(ctx context.Context) error {
	tx, err := c.db.NewTransactionContextOptions(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Close()
	if err := tx.RawQuery("DELETE FROM orders").Exec(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.TX.Commit()
}

// Again gets the same transaction.
func (c Cases) Again() error {
	tx, err := c.db.NewTransaction()
	if err != nil {
		return err
	}
	same, err := tx.NewTransaction()
	if err != nil {
		_ = tx.TX.Rollback()
		return err // not reached
	}
	if c.p.Choose() {
		return same.TX.Rollback()
	}
	return same.TX.Commit()
}

// WithContext ends it through a copy of the connection.
func (c Cases) WithContext(ctx context.Context) error {
	tx, err := c.db.NewTransaction()
	if err != nil {
		return err
	}
	q := tx.WithContext(ctx)
	if err := q.RawQuery("DELETE FROM orders").Exec(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.TX.Commit()
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	return c.db.Transaction(func(tx *pop.Connection) error {
		return tx.RawQuery("DELETE FROM orders").Exec()
	})
}

// RolledBack runs a callback and rolls back what that has done.
func (c Cases) RolledBack() error {
	return c.db.Rollback(func(tx *pop.Connection) {
		_ = tx.RawQuery("DELETE FROM orders").Exec()
	})
}
