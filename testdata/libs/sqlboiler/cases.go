// Package sqlboiler holds cases of github.com/aarondl/sqlboiler/v4/boil.
package sqlboiler

import (
	"context"
	"errors"

	"github.com/aarondl/sqlboiler/v4/boil"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	boil.SetDB(p.DB)
	return Cases{p}
}

var errCount = errors.New("nothing left")

// Global begins on the database that all of the program shares.
func (c Cases) Global() error {
	tx, err := boil.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// GlobalEnds rolls back.
func (c Cases) GlobalEnds() error {
	tx, err := boil.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// WithContext leaves on a count.
func (c Cases) WithContext(ctx context.Context) error {
	tx, err := boil.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// WithContextDeferred rolls back in any case.
func (c Cases) WithContextDeferred(ctx context.Context) error {
	tx, err := boil.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := empty(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Beginner begins on an interface of the library.
func (c Cases) Beginner(ctx context.Context) error { return c.begin(ctx, c.p.DB) }

func (c Cases) begin(ctx context.Context, db boil.ContextBeginner) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func empty(ctx context.Context, db boil.ContextExecutor) error {
	_, err := db.ExecContext(ctx, "DELETE FROM orders")
	return err
}

// Transactor ends it as the interface that the library has for this.
func (c Cases) Transactor(ctx context.Context) error {
	tx, err := boil.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return finish(ctx, tx)
}

func finish(ctx context.Context, tx boil.ContextTransactor) error {
	if err := empty(ctx, tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// TransactorHalf ends it on one way only.
func (c Cases) TransactorHalf(ctx context.Context) error {
	tx, err := boil.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return c.half(ctx, tx) // want `return leaves transaction tx open`
}

func (c Cases) half(ctx context.Context, tx boil.ContextTransactor) error {
	if err := empty(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// Cancelled begins with a context that it cancels on its way out.
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := boil.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount
	}
	return tx.Commit()
}
