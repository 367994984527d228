// Package ent holds cases of a client that entgo.io/ent has generated: the functions
// that begin and end belong to the user's own package.
package ent

import (
	"context"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	ent "txcases/libs/ent/gen"
	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p      *txprobe.Probe
	client *ent.Client
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	return Cases{p, ent.NewClient(ent.Driver(sql.OpenDB(dialect.SQLite, p.DB)))}
}

var errTaken = errors.New("name is taken")

// Create forgets the rollback.
func (c Cases) Create(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return fmt.Errorf("starting a transaction: %w", err)
	}
	if _, err := tx.User.Create().SetAge(30).Save(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CreateEnds is the form of the documentation.
func (c Cases) CreateEnds(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return fmt.Errorf("starting a transaction: %w", err)
	}
	if _, err := tx.User.Create().SetAge(30).Save(ctx); err != nil {
		return rollback(tx, fmt.Errorf("failed creating the user: %w", err))
	}
	return tx.Commit()
}

// rollback calls tx.Rollback and wraps the given error with the rollback error.
func rollback(tx *ent.Tx, err error) error {
	if rerr := tx.Rollback(); rerr != nil {
		err = fmt.Errorf("%w: %v", err, rerr)
	}
	return err
}

// WithOptions begins with options, and leaves on a count.
func (c Cases) WithOptions(ctx context.Context) error {
	tx, err := c.client.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errTaken // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// WithOptionsDeferred rolls back in any case.
func (c Cases) WithOptionsDeferred(ctx context.Context) error {
	tx, err := c.client.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if c.p.Choose() {
		return errTaken
	}
	return tx.Commit()
}

// Viewed uses the client of the transaction, which cannot end it: its Close does
// nothing.
func (c Cases) Viewed(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	client := tx.Client()
	defer client.Close()
	if _, err := client.User.Delete().Exec(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ViewedEnds ends the transaction itself.
func (c Cases) ViewedEnds(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	if err := empty(ctx, tx.Client()); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func empty(ctx context.Context, client *ent.Client) error {
	_, err := client.User.Delete().Exec(ctx)
	return err
}

// WithTx is the helper of the documentation.
func (c Cases) WithTx(ctx context.Context) error {
	return withTx(ctx, c.client, func(tx *ent.Tx) error { return empty(ctx, tx.Client()) })
}

func withTx(ctx context.Context, client *ent.Client, fn func(tx *ent.Tx) error) error {
	tx, err := client.Tx(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if v := recover(); v != nil {
			tx.Rollback()
			panic(v)
		}
	}()
	if err := fn(tx); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			err = fmt.Errorf("%w: rolling back transaction: %v", err, rerr)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing transaction: %w", err)
	}
	return nil
}

// Cancelled begins with a context that it cancels on its way out.
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errTaken
	}
	return tx.Commit()
}

// InContext puts it into a context, for a client that takes it out there.
func (c Cases) InContext(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	inner := ent.NewTxContext(ctx, tx)
	defer tx.Rollback()
	if err := empty(inner, ent.TxFromContext(inner).Client()); err != nil {
		return err
	}
	return tx.Commit()
}

// Hooked ends in a hook that forgets to call the next one: the rollback does not
// happen.
func (c Cases) Hooked(ctx context.Context) error {
	tx, err := c.client.Tx(ctx)
	if err != nil {
		return err
	}
	tx.OnRollback(func(next ent.Rollbacker) ent.Rollbacker {
		return ent.RollbackFunc(func(context.Context, *ent.Tx) error { return errTaken })
	})
	if c.p.Choose() {
		_ = tx.Rollback()
		return errTaken // limit L18 misses `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Driver begins below the client.
func (c Cases) Driver(ctx context.Context) error {
	drv := sql.OpenDB(dialect.SQLite, c.p.DB)
	tx, err := drv.Tx(ctx)
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "DELETE FROM users", []any{}, nil); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
