package idioms

import (
	"context"
	"database/sql"
)

// proposer runs what it is given, now or never.
type proposer interface{ propose(apply func()) error }

type willing struct{ c Cases }

func (w willing) propose(apply func()) error {
	apply()
	return w.c.fails()
}

type unwilling struct{ c Cases }

func (u unwilling) propose(func()) error { return u.c.fails() }

func (c Cases) proposer() proposer {
	if c.p.Choose() {
		return willing{c}
	}
	return unwilling{c}
}

// fails may fail.
func (c Cases) fails() error {
	if c.p.Choose() {
		return errInput
	}
	return nil
}

// Guarded ends the transaction once: whoever takes the token does it.
func (c Cases) Guarded() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = c.fails()
	guard := make(chan struct{}, 1)
	guard <- struct{}{}
	if err == nil {
		err = c.proposer().propose(func() {
			select {
			case <-guard:
				_ = tx.Commit()
			default:
			}
		})
	}
	select {
	case <-guard:
		_ = tx.Rollback()
	default:
	}
	return err
}

// Ready ends it only if somebody else is not ready.
func (c Cases) Ready() error {
	ready := make(chan struct{}, 1)
	c.signal(ready)
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	select {
	case <-ready:
		return nil // want `return leaves transaction tx open`
	default:
	}
	return tx.Commit()
}

func (c Cases) signal(to chan<- struct{}) {
	if c.p.Choose() {
		to <- struct{}{}
	}
}

// Cancelled has somebody else cancel the context.
func (c Cases) Cancelled() error {
	ctx, cancel := context.WithCancel(context.Background())
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		cancel()
		return err
	}
	c.kept.later(cancel)
	return c.touch(tx)
}

// CancelledByGoroutine has a goroutine wait for the end of the program to do so.
func (c Cases) CancelledByGoroutine() error {
	ctx, cancel := context.WithCancel(context.Background())
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		cancel()
		return err
	}
	c.ends.Add(1)
	go func() {
		defer c.ends.Done()
		<-c.life.Done()
		cancel()
	}()
	return c.touch(tx)
}

// touch commits when all went well.
func (c Cases) touch(tx *sql.Tx) error {
	if _, err := tx.Exec("UPDATE t SET a = 1"); err != nil {
		return err
	}
	return tx.Commit()
}
