// Package gozero holds cases of go-zero's sqlx: its transactions are callbacks, which
// get a session that cannot finish, and *sql.Tx that are made a session of.
package gozero

import (
	"context"
	"database/sql"
	"errors"

	"github.com/zeromicro/go-zero/core/stores/sqlx"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	conn sqlx.SqlConn
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p, sqlx.NewSqlConnFromDB(p.DB)} }

var errPoor = errors.New("balance too low")

const update = "UPDATE account SET balance = balance + ? WHERE id = ?"

// accounts is what generated models look like.
type accounts struct{ session sqlx.Session }

func (a accounts) withSession(session sqlx.Session) accounts { return accounts{session} }

func (a accounts) add(ctx context.Context, n, id int) error {
	_, err := a.session.ExecCtx(ctx, update, n, id)
	return err
}

// Transact leaves the end to go-zero (T7).
func (c Cases) Transact(amount int) error {
	return c.conn.Transact(func(session sqlx.Session) error {
		if amount == 0 {
			return errPoor
		}
		_, err := session.Exec(update, amount, 1)
		return err
	})
}

// TransactCtx gives the session to a model.
func (c Cases) TransactCtx(ctx context.Context, amount int) error {
	model := accounts{c.conn}
	return c.conn.TransactCtx(ctx, func(ctx context.Context, session sqlx.Session) error {
		m := model.withSession(session)
		if err := m.add(ctx, -amount, 1); err != nil {
			return err
		}
		return m.add(ctx, amount, 2)
	})
}

// TransactInside begins another transaction in the callback.
func (c Cases) TransactInside(ctx context.Context) error {
	return c.conn.TransactCtx(ctx, func(ctx context.Context, session sqlx.Session) error {
		audit, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := (accounts{session}).add(ctx, 1, 1); err != nil {
			return err // want `return leaves transaction audit open`
		}
		return audit.Commit()
	})
}

// Raw begins on the database below the connection.
func (c Cases) Raw(ctx context.Context) error {
	db, err := c.conn.RawDB()
	if err != nil {
		return err // not reached
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, update, 1, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Session is a view of the transaction, which is lent.
func (c Cases) Session(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	model := accounts{sqlx.NewSessionFromTx(tx)}
	if err := model.add(ctx, 1, 1); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// SessionDeferred rolls back what the session was made of (T6).
func (c Cases) SessionDeferred(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := (accounts{sqlx.NewSessionFromTx(tx)}).add(ctx, 1, 1); err != nil {
		return err
	}
	return tx.Commit()
}

// SessionConn makes a connection of the session, which is the transaction still.
func (c Cases) SessionConn(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	conn := sqlx.NewSqlConnFromSession(sqlx.NewSessionFromTx(tx))
	if _, err := conn.ExecCtx(ctx, update, 1, 1); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// SessionBranch forgets one of the ways out.
func (c Cases) SessionBranch(ctx context.Context, amount int) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	session := sqlx.NewSessionFromTx(tx)
	switch amount {
	case 0:
		return errPoor // want `return leaves transaction tx open`
	default:
		err = accounts{session}.add(ctx, amount, 1)
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// inTx is the helper that services write around Transact.
func (c Cases) inTx(ctx context.Context, do func(accounts) error) error {
	return c.conn.TransactCtx(ctx, func(_ context.Context, session sqlx.Session) error {
		return do(accounts{session})
	})
}

// Helper uses it.
func (c Cases) Helper(ctx context.Context) error {
	return c.inTx(ctx, func(a accounts) error { return a.add(ctx, 1, 1) })
}
