// Package pgxv4 holds cases of github.com/jackc/pgx/v4, whose callbacks are methods
// and whose pool has a transaction type of its own. They run against a server that
// speaks the protocol and has no tables.
package pgxv4

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v4/stdlib"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	pool *pgxpool.Pool
	conn *pgx.Conn
}

var errStock = errors.New("out of stock")

const (
	take    = "UPDATE stock SET n = n - $1 WHERE item = $2"
	reserve = "INSERT INTO reservation (item, n) VALUES ($1, $2)"
)

// Order keeps the transaction open when there is too little of something (T3).
func (c Cases) Order(ctx context.Context, n int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err = tx.Exec(ctx, take, n, "bolt"); err != nil {
		tx.Rollback(ctx)
		return fmt.Errorf("take: %w", err)
	}
	if n == 0 {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// OrderDeferred rolls back on every way out but the last (T6).
func (c Cases) OrderDeferred(ctx context.Context, n int) error {
	tx, err := c.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	for _, item := range []string{"bolt", "nut"} {
		if _, err := tx.Exec(ctx, take, n, item); err != nil {
			return fmt.Errorf("take %s: %w", item, err)
		}
	}
	return tx.Commit(ctx)
}

// PoolTx knows that the pool has a transaction type of its own (T12).
func (c Cases) PoolTx(ctx context.Context) error {
	begun, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	tx, ok := begun.(*pgxpool.Tx)
	if !ok {
		return errStock // not reached
	}
	_, err = tx.Exec(ctx, reserve, "bolt", 1)
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

// Func leaves the end to the pool (T7).
func (c Cases) Func(ctx context.Context) error {
	return c.pool.BeginFunc(ctx, func(tx pgx.Tx) error {
		if c.p.Choose() {
			return errStock
		}
		_, err := tx.Exec(ctx, take, 1, "bolt")
		return err
	})
}

// FuncInside begins on the pool where it has a transaction already.
func (c Cases) FuncInside(ctx context.Context) error {
	return c.conn.BeginTxFunc(ctx, pgx.TxOptions{AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
		log, err := c.pool.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := log.Exec(ctx, reserve, "log", 1); err != nil {
			return err // want `return leaves transaction log open`
		}
		return log.Commit(ctx)
	})
}

// Part gives what may fail a savepoint, which its function ends.
func (c Cases) Part(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := tx.BeginFunc(ctx, func(part pgx.Tx) error {
		_, err := part.Exec(ctx, reserve, "bolt", 1)
		return err
	}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// PartOuter does so and forgets the transaction around it.
func (c Cases) PartOuter(ctx context.Context) error {
	tx, err := c.conn.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.BeginFunc(ctx, func(part pgx.Tx) error {
		_, err := part.Exec(ctx, reserve, "bolt", 1)
		return err
	}); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// QueryFunc stops at a row that it does not like.
func (c Cases) QueryFunc(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	var n int
	_, err = tx.QueryFunc(ctx, "SELECT n FROM stock", nil, []any{&n}, func(pgx.QueryFuncRow) error {
		if n == 0 {
			return errStock
		}
		return nil
	})
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Rollback(ctx)
}

// Released gives the connection back, which the pool then destroys.
func (c Cases) Released(ctx context.Context) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err // not reached
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, take, 1, "nut"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// ReleasedLate gives it back only if all went well.
func (c Cases) ReleasedLate(ctx context.Context) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err // not reached
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		conn.Release()
		return err
	}
	if _, err := tx.Exec(ctx, take, 1, "nut"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	err = tx.Commit(ctx)
	conn.Release()
	return err
}

// AcquireFunc has the connection given back when its function returns.
func (c Cases) AcquireFunc(ctx context.Context) error {
	return c.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, take, 1, "nut"); err != nil {
			_ = tx.Rollback(ctx)
			return err
		}
		return tx.Commit(ctx)
	})
}

// Cancelled takes the deferred cancel for a rollback, which it is not (T9).
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// Borrowed takes the driver's connection out of a *sql.DB, and gives it back.
func (c Cases) Borrowed(ctx context.Context) error {
	db := stdlib.OpenDB(*c.conn.Config())
	defer db.Close()
	conn, err := stdlib.AcquireConn(db)
	if err != nil {
		return err // not reached
	}
	defer stdlib.ReleaseConn(db, conn)
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, take, 1, "nut"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
