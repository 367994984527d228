// Package sqlx holds cases of github.com/jmoiron/sqlx, whose Tx is a struct around
// that of database/sql: Commit and Rollback are promoted.
package sqlx

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *sqlx.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p, sqlx.NewDb(p.DB, "mysql")} }

// Account is a row of the table account.
type Account struct {
	ID      int64 `db:"id"`
	Balance int64 `db:"balance"`
}

var errPoor = errors.New("balance too low")

// Transfer forgets the rollback when the balance is too low.
func (c Cases) Transfer(ctx context.Context) error {
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	var from Account
	if err := tx.GetContext(ctx, &from, "SELECT id, balance FROM account WHERE id = ?", 1); err != nil {
		tx.Rollback()
		return err
	}
	if from.Balance == 0 {
		return errPoor // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TransferDeferred rolls back in any case.
func (c Cases) TransferDeferred(ctx context.Context) error {
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	var from Account
	if err := tx.GetContext(ctx, &from, "SELECT id, balance FROM account WHERE id = ?", 1); err != nil {
		return err
	}
	if from.Balance == 0 {
		return errPoor
	}
	return tx.Commit()
}

// Must begins or panics, and then returns early.
func (c Cases) Must(id int) error {
	tx := c.db.MustBegin()
	if _, err := tx.NamedExec("UPDATE account SET balance = :balance WHERE id = :id", Account{ID: int64(id)}); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// MustDeferred needs no check of an error.
func (c Cases) MustDeferred(ctx context.Context) error {
	tx := c.db.MustBeginTx(ctx, nil)
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec("DELETE FROM account"); err != nil {
		return err
	}
	return tx.Commit()
}

// PromotedBegin begins with the method of *sql.DB.
func (c Cases) PromotedBegin() error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM account"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// InnerField ends it through the field that holds it.
func (c Cases) InnerField() error {
	tx, err := c.db.Beginx()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM account"); err != nil {
		_ = tx.Tx.Rollback()
		return err
	}
	return tx.Tx.Commit()
}

// UnsafeHandle ends it through the handle that Unsafe derives.
func (c Cases) UnsafeHandle() error {
	tx, err := c.db.Beginx()
	if err != nil {
		return err
	}
	lax := tx.Unsafe()
	defer lax.Rollback()
	if _, err := lax.Exec("DELETE FROM account"); err != nil {
		return err
	}
	return lax.Commit()
}

// UnsafeForgotten derives a handle and ends none.
func (c Cases) UnsafeForgotten() error {
	tx, err := c.db.Beginx()
	if err != nil {
		return err
	}
	lax := tx.Unsafe()
	if _, err := lax.Exec("DELETE FROM account"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return lax.Commit()
}

// OnConn begins on a connection of its own, where Close must come last.
func (c Cases) OnConn(ctx context.Context) error {
	conn, err := c.db.Connx(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "DELETE FROM account"); err != nil {
		return err
	}
	return tx.Commit()
}

// Lent passes the transaction as an interface that cannot end it.
func (c Cases) Lent(ctx context.Context) error {
	tx, err := c.db.BeginTxx(ctx, nil)
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
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func empty(ctx context.Context, db sqlx.ExtContext) error {
	_, err := db.ExecContext(ctx, "DELETE FROM account")
	return err
}

// InTx is the helper that every project writes.
func (c Cases) InTx(ctx context.Context) error {
	return c.inTx(ctx, func(tx *sqlx.Tx) error { return empty(ctx, tx) })
}

func (c Cases) inTx(ctx context.Context, fn func(*sqlx.Tx) error) error {
	tx, err := c.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			return fmt.Errorf("%w, and rollback: %v", err, rerr)
		}
		return err
	}
	return tx.Commit()
}

// Statement prepares on the transaction and leaves with both open.
func (c Cases) Statement() error {
	tx, err := c.db.Beginx()
	if err != nil {
		return err
	}
	stmt, err := tx.Preparex("UPDATE account SET balance = 0")
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer stmt.Close()
	if _, err := stmt.Exec(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// A pool is what a server needs of its database: only a sqlx.DB is one.
type pool interface {
	DriverName() string
	MustBegin() *sqlx.Tx
	Close() error
}

// Pooled begins through an interface that one type implements (T13).
func (c Cases) Pooled() error {
	p := c.pool()
	tx := p.MustBegin()
	defer tx.Rollback()
	if _, err := tx.Exec("DELETE FROM account"); err != nil {
		return err
	}
	return tx.Commit()
}

// PooledForgets returns before it ends what it has begun there.
func (c Cases) PooledForgets() error {
	p := c.pool()
	tx := p.MustBegin()
	if _, err := tx.Exec("DELETE FROM account"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func (c Cases) pool() pool { return c.db }
