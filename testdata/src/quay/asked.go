package quay

import (
	"context"
	"errors"
)

// An error that a method tells is the same when it is asked for again.

// AskedRows asks the rows twice.
func (c Cases) AskedRows() (n int, err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	rows, err := tx.Query("SELECT id FROM quay")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	if rows.Err() != nil {
		return 0, rows.Err()
	}
	return n, tx.Commit()
}

// AskedRowsFull leaves at one way out that sets no error.
func (c Cases) AskedRowsFull() (n int, err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	rows, err := tx.Query("SELECT id FROM quay")
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	rows.Close()
	if rows.Err() != nil {
		return 0, rows.Err()
	}
	if c.p.Choose() {
		return n, nil // want `return leaves transaction tx open`
	}
	return n, tx.Commit()
}

// AskedFlag decides twice by the same rows.
func (c Cases) AskedFlag() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	rows, err := tx.Query("SELECT id FROM quay")
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	for rows.Next() {
	}
	rows.Close()
	if rows.Err() != nil {
		_ = tx.Rollback()
	}
	if rows.Err() != nil {
		return rows.Err()
	}
	return tx.Commit()
}

// AskedBetween goes on with the rows between the questions.
func (c Cases) AskedBetween() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	rows, err := c.p.DB.Query("SELECT id FROM quay")
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	defer rows.Close()
	if rows.Err() != nil {
		_ = tx.Rollback() // not reached
	}
	for rows.Next() {
	}
	if rows.Err() != nil {
		return rows.Err() // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A lister lists things.
type lister interface {
	Next() bool
	Err() error
}

type list struct {
	n   int
	err error
}

func (l *list) Next() bool { l.n--; return l.n > 0 }
func (l *list) Err() error { return l.err }

func (c Cases) list() lister {
	if c.p.Choose() {
		return &list{err: errors.New("broken")}
	}
	return &list{}
}

// AskedOwn asks one of its own twice.
func (c Cases) AskedOwn() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	l := c.list()
	for l.Next() {
	}
	if l.Err() != nil {
		return l.Err()
	}
	return tx.Commit()
}

// AskedDone stops where a context is done.
func (c Cases) AskedDone(ctx context.Context, ids []int) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	for _, id := range ids {
		if c.p.Choose() {
			cancel()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		if _, err = tx.Exec("DELETE FROM quay WHERE id = ?", id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// AskedContext asks a context twice, and once more later.
func (c Cases) AskedContext(ctx context.Context) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if c.p.Choose() {
		cancel()
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		_ = tx.Rollback()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if c.p.Choose() {
		cancel()
	}
	if ctx.Err() != nil {
		return ctx.Err() // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
