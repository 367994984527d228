package store

import (
	"context"
	"database/sql"
	"errors"
)

// Errors of drafts.
var (
	ErrDraftOver = errors.New("the draft is over")
	ErrDraftFull = errors.New("the draft is full")
)

// A Draft is work that is kept or dropped as a whole.
type Draft struct {
	tx   *sql.Tx
	over bool
}

// Draft begins one.
func (s *Store) Draft(ctx context.Context) (*Draft, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Draft{tx: tx}, nil
}

// Write adds to it.
func (d *Draft) Write(ctx context.Context, text string) error {
	if d.over {
		return ErrDraftOver // not reached
	}
	if len(text) > 4000 {
		return ErrDraftFull
	}
	_, err := d.tx.ExecContext(ctx, "INSERT INTO draft VALUES (?)", text)
	return err
}

// Keep commits it.
func (d *Draft) Keep() error {
	if d.over {
		return ErrDraftOver // not reached
	}
	d.over = true
	return d.tx.Commit()
}

// Cancel rolls it back.
func (d *Draft) Cancel() error {
	if d.over {
		return ErrDraftOver
	}
	d.over = true
	return d.tx.Rollback()
}
