// Package pgxv5 holds cases of github.com/jackc/pgx/v5, run against a server that
// speaks the protocol and has no tables.
package pgxv5

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	pool *pgxpool.Pool
	conn *pgx.Conn
}

var (
	errBusy = errors.New("no connection")
	errPoor = errors.New("balance too low")
)

const (
	selectBalance = "SELECT balance FROM account WHERE id = $1"
	updateBalance = "UPDATE account SET balance = balance + $1 WHERE id = $2"
)

// Transfer forgets the rollback when the balance is too low (T3).
func (c Cases) Transfer(ctx context.Context, amount int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	var balance int
	if err := tx.QueryRow(ctx, selectBalance, 1).Scan(&balance); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	if balance < amount {
		return errPoor // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// TransferDeferred rolls back in any case (T6).
func (c Cases) TransferDeferred(ctx context.Context, amount int) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback(ctx)
	var balance int
	if err := tx.QueryRow(ctx, selectBalance, 1).Scan(&balance); err != nil {
		return err
	}
	if balance < amount {
		return errPoor
	}
	if _, err := tx.Exec(ctx, updateBalance, -amount, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Shadowed looks at an err that is not the one of the failing statement.
func (c Cases) Shadowed(ctx context.Context) (err error) {
	tx, err := c.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	if tag, err := tx.Exec(ctx, "DELETE FROM account WHERE id = $1", 1); err != nil {
		return err
	} else if tag.RowsAffected() == 0 {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// Named rolls back by the named result.
func (c Cases) Named(ctx context.Context) (err error) {
	tx, err := c.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadWrite})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
			return
		}
		err = tx.Commit(ctx)
	}()
	if _, err = tx.Exec(ctx, updateBalance, 10, 1); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, updateBalance, -10, 2)
	return err
}

// NoRows takes the missing row for a success.
func (c Cases) NoRows(ctx context.Context, id int) (balance int, err error) {
	tx, err := c.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return 0, err
	}
	switch err := tx.QueryRow(ctx, selectBalance, id).Scan(&balance); {
	case errors.Is(err, pgx.ErrNoRows):
		return 0, nil // want `return leaves transaction tx open`
	case err != nil:
		_ = tx.Rollback(ctx)
		return 0, err
	}
	return balance, tx.Commit(ctx)
}

// Closed logs a rollback that fails for another reason than that all is done.
func (c Cases) Closed(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
			fmt.Println("rollback:", err)
		}
	}()
	rows, err := tx.Query(ctx, "SELECT id FROM account")
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	return tx.Commit(ctx)
}

// Timeout takes the deferred cancel for a rollback, which it is not in pgx: the
// context is for the BEGIN alone (T9).
func (c Cases) Timeout(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// Background rolls back even when the request is gone.
func (c Cases) Background(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		cancel()
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if c.p.Choose() {
		cancel()
	}
	defer cancel()
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Connection begins on a connection of its own, and forgets the transaction.
func (c Cases) Connection(ctx context.Context) error {
	tx, err := c.conn.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		return fmt.Errorf("update: %w", err) // want `return leaves transaction tx open`
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// ConnectionClosed ends the session, and so what is open in it.
func (c Cases) ConnectionClosed(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, c.conn.Config())
	if err != nil {
		return err // not reached
	}
	defer conn.Close(ctx)
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Acquired gives the connection back, and the pool destroys it.
func (c Cases) Acquired(ctx context.Context) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// AcquiredEarly gives it back in one place only.
func (c Cases) AcquiredEarly(ctx context.Context) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		conn.Release()
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		conn.Release()
		return err
	}
	if c.p.Choose() {
		return errPoor // want `return leaves transaction tx open`
	}
	err = tx.Commit(ctx)
	conn.Release()
	return err
}

// AcquireFunc begins inside a callback that only has the connection.
func (c Cases) AcquireFunc(ctx context.Context) error {
	return c.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
			return err
		}
		return tx.Commit(ctx)
	})
}
