// Package jetty lands goods by an interface that another package declares, and has it in fields.
package jetty

import (
	"context"
	"database/sql"

	"txcases/jetty/goods"
)

type landing struct{ tx *sql.Tx }

func (l *landing) Put(ctx context.Context, name string) error {
	_, err := l.tx.ExecContext(ctx, "INSERT INTO goods VALUES (?)", name)
	return err
}

func (l *landing) Done(err error) error {
	if err != nil {
		_ = l.tx.Rollback()
		return err
	}
	return l.tx.Commit()
}

// A Clerk has a landing.
type Clerk struct {
	Goods goods.Goods
	lines int
}

// Open begins a landing.
func Open(ctx context.Context, db *sql.DB) (*Clerk, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Clerk{Goods: &landing{tx}}, nil
}

// Enter puts something.
func (c *Clerk) Enter(ctx context.Context, name string) error {
	c.lines++
	return c.Goods.Put(ctx, name)
}

// SignOff ends it.
func (c *Clerk) SignOff(err error) error { return c.Goods.Done(err) }

// SignOffLater ends it, too.
func SignOffLater(c *Clerk, err *error) { *err = c.SignOff(*err) }
