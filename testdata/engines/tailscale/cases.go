// Package tailscale holds cases of github.com/tailscale/sqlite/sqlitepool, run on
// files. It has a type for transactions that only read, which can only roll back.
package tailscale

import (
	"context"
	"errors"
	"fmt"

	"github.com/tailscale/sqlite/sqlitepool"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	pool *sqlitepool.Pool
}

var errGone = errors.New("node is gone")

func add(tx *sqlitepool.Tx, name string) error {
	stmt := tx.Prepare("INSERT OR REPLACE INTO node VALUES (?)")
	if err := stmt.BindText64(1, name); err != nil {
		return err // not reached
	}
	_, _, _, _, err := stmt.StepResult()
	return err
}

func has(rx *sqlitepool.Rx, name string) (bool, error) {
	stmt := rx.Prepare("SELECT 1 FROM node WHERE name = ?")
	if err := stmt.BindText64(1, name); err != nil {
		return false, err // not reached
	}
	found, _, _, _, err := stmt.StepResult()
	return found, err
}

// Add keeps the only writer when the name is bad (T3).
func (c Cases) Add(ctx context.Context, name string) error {
	tx, err := c.pool.BeginTx(ctx, "add")
	if err != nil {
		return err
	}
	if err := add(tx, name); err != nil {
		return fmt.Errorf("add %q: %w", name, err) // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// AddDeferred gives it back in any case: a Rollback after Commit does nothing.
func (c Cases) AddDeferred(ctx context.Context, name string) error {
	tx, err := c.pool.BeginTx(ctx, "add")
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := add(tx, name); err != nil {
		return fmt.Errorf("add %q: %w", name, err)
	}
	return tx.Commit()
}

// Has forgets the end of a transaction that only reads.
func (c Cases) Has(ctx context.Context, name string) (bool, error) {
	rx, err := c.pool.BeginRx(ctx, "has")
	if err != nil {
		return false, err
	}
	return has(rx, name) // want `return leaves transaction rx open`
}

// HasDeferred ends it.
func (c Cases) HasDeferred(ctx context.Context, name string) (bool, error) {
	rx, err := c.pool.BeginRx(ctx, "has")
	if err != nil {
		return false, err
	}
	defer rx.Rollback()
	return has(rx, name)
}

// Once looks and writes in one transaction, and lends its reading half.
func (c Cases) Once(ctx context.Context, name string) error {
	tx, err := c.pool.BeginTx(ctx, "once")
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if found, err := has(tx.Rx, name); err != nil || found {
		return err // not reached
	}
	if err := add(tx, name); err != nil {
		return err
	}
	return tx.Commit()
}

// OnceEarly does so and forgets it.
func (c Cases) OnceEarly(ctx context.Context, name string) error {
	tx, err := c.pool.BeginTx(ctx, "once")
	if err != nil {
		return err
	}
	if found, err := has(tx.Rx, name); err != nil || found || c.p.Choose() {
		return errGone // want `return leaves transaction tx open`
	}
	if err := add(tx, name); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Cancelled takes the deferred cancel for a rollback: the context is for the wait
// alone (T9).
func (c Cases) Cancelled(ctx context.Context, name string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rx, err := c.pool.BeginRx(ctx, "cancelled")
	if err != nil {
		return err
	}
	if _, err := has(rx, name); err != nil {
		rx.Rollback()
		return err // not reached
	}
	return nil // want `return leaves transaction rx open: c.pool.BeginRx on line \d+ is neither committed nor rolled back when err == nil \(in Cases.Cancelled\)`
}

// nodes read from one transaction.
type nodes struct{ rx *sqlitepool.Rx }

// Open hands a transaction to its caller (T10).
func (c Cases) Open(ctx context.Context) (*nodes, error) {
	rx, err := c.pool.BeginRx(ctx, "nodes")
	if err != nil {
		return nil, err
	}
	return &nodes{rx}, nil
}

func (n *nodes) close() { n.rx.Rollback() }

// Count closes what it has opened.
func (c Cases) Count(ctx context.Context, names []string) (count int, err error) {
	n, err := c.Open(ctx)
	if err != nil {
		return 0, err
	}
	defer n.close()
	for _, name := range names {
		if found, err := has(n.rx, name); err != nil {
			return 0, err // not reached
		} else if found {
			count++
		}
	}
	return count, nil
}

// CountEarly does not, for one name (T8).
func (c Cases) CountEarly(ctx context.Context, name string) (bool, error) {
	n, err := c.Open(ctx)
	if err != nil {
		return false, err
	}
	if name == "" {
		return false, errGone // want `return leaves transaction n open`
	}
	defer n.close()
	return has(n.rx, name)
}

// Batch has a transaction per name.
func (c Cases) Batch(ctx context.Context, names []string) error {
	for _, name := range names {
		err := func() error {
			tx, err := c.pool.BeginTx(ctx, name)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			if err := add(tx, name); err != nil {
				return err // not reached
			}
			return tx.Commit()
		}()
		if err != nil {
			return err
		}
	}
	return nil
}
