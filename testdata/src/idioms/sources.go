package idioms

import (
	"context"
	"database/sql"
	"errors"
)

// Conn is a connection of any kind, and Tx a transaction of any kind. There are
// several of both.
type Conn interface {
	Begin(ctx context.Context) (Tx, error)
	Close()
}

// Tx is what a Conn begins.
type Tx interface {
	Do(ctx context.Context, query string) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

// sqlConn is a Conn on a database.
type sqlConn struct{ db *sql.DB }

// Begin begins a transaction.
func (s sqlConn) Begin(ctx context.Context) (Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return sqlTx{tx}, nil
}

// Close closes nothing.
func (s sqlConn) Close() {}

type sqlTx struct{ tx *sql.Tx }

func (s sqlTx) Do(ctx context.Context, query string) error {
	_, err := s.tx.ExecContext(ctx, query)
	return err
}

func (s sqlTx) Commit(context.Context) error   { return s.tx.Commit() }
func (s sqlTx) Rollback(context.Context) error { return s.tx.Rollback() }

// noConn is a Conn on nothing.
type noConn struct{}

// Begin begins nothing.
func (noConn) Begin(context.Context) (Tx, error) { return noTx{}, nil }

// Close closes nothing.
func (noConn) Close() {}

type noTx struct{}

func (noTx) Do(context.Context, string) error { return nil }
func (noTx) Commit(context.Context) error     { return nil }
func (noTx) Rollback(context.Context) error   { return nil } // not reached

// conn returns one of the two.
func (c Cases) conn() Conn {
	if c.p.Choose() {
		return noConn{}
	}
	return sqlConn{c.p.DB}
}

// AnyConn begins on any of them.
func (c Cases) AnyConn(ctx context.Context) error { return c.onAny(ctx, c.conn()) }

func (c Cases) onAny(ctx context.Context, conn Conn) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Do(ctx, "DELETE FROM names"); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

// AnyConnOnly forgets what it has begun.
func (c Cases) AnyConnOnly(ctx context.Context) error { return c.onAnyOnly(ctx, c.conn()) }

func (c Cases) onAnyOnly(ctx context.Context, conn Conn) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Do(ctx, "DELETE FROM names"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// AnyConnClosed closes the connection, which may be of a kind that minds.
func (c Cases) AnyConnClosed(ctx context.Context) error {
	conn := c.conn()
	defer conn.Close()
	return c.onAny(ctx, conn)
}

// A Pool makes transactions by a function that it is given.
type Pool struct {
	begin func(context.Context, *sql.TxOptions) (*sql.Tx, error)
}

// ByField begins by a function in a field.
func (c Cases) ByField(ctx context.Context) error {
	pool := Pool{begin: c.p.DB.BeginTx}
	tx, err := pool.begin(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := add(tx, "one"); err != nil {
		return err
	}
	return tx.Commit()
}

// ByValue begins by a function in a variable, and forgets.
func (c Cases) ByValue(ctx context.Context) error {
	begin := c.p.DB.BeginTx
	tx, err := begin(ctx, nil)
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// begun is a begin that returns four things.
func (c Cases) begun(ctx context.Context) (n int, tx *sql.Tx, own bool, err error) {
	tx, err = c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return 0, nil, false, err
	}
	return 1, tx, true, nil
}

// Fourth looks at the last of four results.
func (c Cases) Fourth(ctx context.Context) error {
	n, tx, own, err := c.begun(ctx)
	if err != nil {
		return err
	}
	if n == 1 && own {
		defer tx.Rollback()
	}
	return add(tx, "one")
}

// FourthOnly forgets about the second.
func (c Cases) FourthOnly(ctx context.Context) error {
	_, tx, _, err := c.begun(ctx)
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Embedded has the database in it.
type Embedded struct {
	*sql.DB
	name string
}

// AsArgument begins in the argument of a call.
func (c Cases) AsArgument() error {
	e := Embedded{c.p.DB, "names"}
	return conclude(e.Begin())
}

// conclude takes both results of a Begin, and the duty.
func conclude(tx *sql.Tx, err error) error {
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := add(tx, "one"); err != nil {
		return err
	}
	return tx.Commit()
}

// AsArgumentOnly has a function that takes them and no duty.
func (c Cases) AsArgumentOnly() error {
	e := Embedded{c.p.DB, "names"}
	return look(e.Begin()) // want `return leaves .*transaction.* open`
}

// look ends nothing.
func look(tx *sql.Tx, err error) error {
	if err != nil {
		return err
	}
	return add(tx, "one")
}

// Thrown throws away what it has begun.
func (c Cases) Thrown(ctx context.Context) bool {
	_, _, own, _ := c.begun(ctx) // want `discarding leaves the transaction of c.begun open`
	return own
}
