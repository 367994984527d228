package pgxv5

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// DBTX is what queries need of a pool, a connection or a transaction.
type DBTX interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// Queries are written by a generator.
type Queries struct{ db DBTX }

// WithTx returns the queries inside a transaction.
func (q *Queries) WithTx(tx pgx.Tx) *Queries { return &Queries{tx} }

func (q *Queries) add(ctx context.Context, id, amount int) error {
	_, err := q.db.Exec(ctx, updateBalance, amount, id)
	return err
}

// Generated lends the transaction to generated queries (T11).
func (c Cases) Generated(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	q := (&Queries{c.pool}).WithTx(tx)
	if err := q.add(ctx, 1, 5); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// GeneratedDeferred does the same with a deferred rollback.
func (c Cases) GeneratedDeferred(ctx context.Context) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := (&Queries{tx}).add(ctx, 1, 5); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Beginner is a pool, a connection or a transaction.
type Beginner interface {
	Begin(context.Context) (pgx.Tx, error)
}

// store keeps a Beginner, as services do that are tested with a mock.
type store struct {
	db Beginner
	c  Cases
}

// Interface begins through an interface of its own (T13).
func (c Cases) Interface(ctx context.Context) error {
	s := store{c.pool, c}
	return s.rename(ctx, "a")
}

func (s store) rename(ctx context.Context, name string) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE account SET name = $1", name); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// InTx is the helper that most services write.
func (c Cases) InTx(ctx context.Context) error {
	return inTx(ctx, c.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, updateBalance, 1, 1)
		return err
	})
}

func inTx(ctx context.Context, db Beginner, do func(pgx.Tx) error) (err error) {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if v := recover(); v != nil {
			_ = tx.Rollback(ctx)
			panic(v)
		}
		if err != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// InTxWrong forgets what the callback returned.
func (c Cases) InTxWrong(ctx context.Context) error {
	return inTxWrong(ctx, c.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, updateBalance, 1, 1)
		return err
	})
}

func inTxWrong(ctx context.Context, db Beginner, do func(pgx.Tx) error) error {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// Unit is a unit of work.
type Unit struct {
	tx pgx.Tx
	q  *Queries
}

// Open hands the transaction to the caller, inside a struct (T10).
func (c Cases) Open(ctx context.Context) (*Unit, error) {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Unit{tx, &Queries{tx}}, nil
}

// Close ends the unit of work.
func (u *Unit) Close(ctx context.Context) error { return u.tx.Commit(ctx) }

// UseUnit opens one and forgets it when the work fails.
func (c Cases) UseUnit(ctx context.Context) error {
	u, err := c.Open(ctx)
	if err != nil {
		return err
	}
	if err := u.q.add(ctx, 1, 1); err != nil {
		return err // want `return leaves transaction u open`
	}
	return u.Close(ctx)
}

// Optional takes a transaction, or begins one of its own.
func (c Cases) Optional(ctx context.Context, own bool) (err error) {
	var tx pgx.Tx
	if own {
		if tx, err = c.pool.Begin(ctx); err != nil {
			return err
		}
		defer tx.Rollback(ctx)
	}
	q := &Queries{c.pool}
	if tx != nil {
		q = q.WithTx(tx)
	}
	if err := q.add(ctx, 1, 1); err != nil {
		return err
	}
	if own {
		return tx.Commit(ctx)
	}
	return nil
}

// Std uses pgx through database/sql.
func (c Cases) Std(ctx context.Context) error {
	db := stdlib.OpenDB(*c.conn.Config())
	defer db.Close()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, updateBalance, 1, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// StdDeferred rolls back.
func (c Cases) StdDeferred(ctx context.Context) error {
	db := stdlib.OpenDB(*c.conn.Config())
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, updateBalance, 1, 1); err != nil {
		return err
	}
	return tx.Commit()
}

// Pooled begins on the connection below the pooled one, which ends with that.
func (c Cases) Pooled(ctx context.Context) error {
	pooled, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer pooled.Release()
	tx, err := pooled.Conn().Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// AcquiredFor leaves it to the pool, which takes the connection back.
func (c Cases) AcquiredFor(ctx context.Context) error {
	return c.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
			return err
		}
		return tx.Commit(ctx)
	})
}

// AcquiredOther begins on another connection.
func (c Cases) AcquiredOther(ctx context.Context) error {
	return c.pool.AcquireFunc(ctx, func(*pgxpool.Conn) error {
		tx, err := c.conn.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateBalance, 1, 1); err != nil {
			return err // want `return leaves transaction tx open`
		}
		return tx.Commit(ctx)
	})
}
