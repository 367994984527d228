// Package gopg holds cases of github.com/go-pg/pg/v10, run against a server that
// speaks the protocol and has no tables. Close rolls back what is not finished.
package gopg

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-pg/pg/v10"
	"github.com/go-pg/pg/v10/orm"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *pg.DB
}

var errSent = errors.New("already sent")

// send works on a database, a connection or a transaction.
func send(db orm.DB, id int) error {
	_, err := db.Exec("UPDATE mail SET sent = true WHERE id = ?", id)
	return err
}

// Send forgets the rollback when the update fails (T3).
func (c Cases) Send(id int) error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	if err := send(tx, id); err != nil {
		return fmt.Errorf("send: %w", err) // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// SendClosed has a deferred Close, as the documentation of go-pg says.
func (c Cases) SendClosed(id int) error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Close()
	if err := send(tx, id); err != nil {
		_ = tx.Rollback()
		return fmt.Errorf("send: %w", err)
	}
	return tx.Commit()
}

// SendManaged leaves the end to go-pg (T7).
func (c Cases) SendManaged(ctx context.Context, id int) error {
	return c.db.RunInTransaction(ctx, func(tx *pg.Tx) error {
		if id == 0 {
			return errSent
		}
		return send(tx, id)
	})
}

// SendOwn begins by hand, and gives the end to the callback of the transaction.
func (c Cases) SendOwn(ctx context.Context, id int) error {
	tx, err := c.db.BeginContext(ctx)
	if err != nil {
		return err
	}
	return tx.RunInTransaction(ctx, func(tx *pg.Tx) error { return send(tx, id) })
}

// SendLate has something to do before that.
func (c Cases) SendLate(ctx context.Context, id int) error {
	tx, err := c.db.BeginContext(ctx)
	if err != nil {
		return err
	}
	if id == 0 {
		return errSent // want `return leaves transaction tx open`
	}
	return tx.RunInTransaction(ctx, func(tx *pg.Tx) error { return send(tx, id) })
}

// Again takes the Begin of a transaction for another one, which it is not (T12).
func (c Cases) Again(id int) error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	inner, err := tx.Begin()
	if err != nil {
		return err // not reached
	}
	if err := send(inner, id); err != nil {
		_ = inner.Rollback()
		return err
	}
	return inner.Commit()
}

// AgainEarly forgets both, which are one.
func (c Cases) AgainEarly(id int) error {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	inner, err := tx.Begin()
	if err != nil {
		_ = tx.Rollback()
		return err // not reached
	}
	if err := send(inner, id); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return inner.Commit()
}

// Cancelled takes the deferred cancel for a rollback, which it is not (T9).
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.db.BeginContext(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errSent // want `return leaves transaction tx open`
	}
	return tx.CommitContext(ctx)
}

// Each keeps the last transaction of the loop when it leaves it.
func (c Cases) Each(ids []int) error {
	for _, id := range ids {
		tx, err := c.db.Begin()
		if err != nil {
			return err
		}
		if err := send(tx, id); err != nil {
			break
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// EachClosed has a function for each.
func (c Cases) EachClosed(ids []int) error {
	for _, id := range ids {
		if err := c.SendClosed(id); err != nil && !errors.Is(err, pg.ErrTxDone) {
			return err
		}
	}
	return nil
}

// mailbox is what a service is made of.
type mailbox struct{ db orm.DB }

func (m mailbox) in(tx *pg.Tx) mailbox { return mailbox{tx} }

func (m mailbox) empty() error {
	_, err := m.db.Exec("DELETE FROM mail")
	return err
}

// Empty lends its transaction to the service (T11).
func (c Cases) Empty() (err error) {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err == nil {
			err = tx.Commit()
			return
		}
		_ = tx.Rollback()
	}()
	return mailbox{c.db}.in(tx).empty()
}

// EmptyEarly looks for an error that is another one.
func (c Cases) EmptyEarly() (err error) {
	tx, err := c.db.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := (mailbox{c.db}).in(tx).empty(); err != nil {
		fmt.Print()
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
