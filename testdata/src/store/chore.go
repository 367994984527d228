package store

import (
	"context"
	"database/sql"
)

// A Chore is done in steps, and remembers what went wrong in them.
type Chore struct {
	tx   *sql.Tx
	errs []error
}

// Chore begins one.
func (s *Store) Chore(ctx context.Context) (*Chore, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Chore{tx: tx}, nil
}

// Step does one more step.
func (c *Chore) Step(step func(*sql.Tx) error) *Chore {
	if err := step(c.tx); err != nil {
		c.errs = append(c.errs, err)
	}
	return c
}

// Err is what went wrong first.
func (c *Chore) Err() error {
	if len(c.errs) > 0 {
		return c.errs[0]
	}
	return nil
}

// Drop gives up.
func (c *Chore) Drop() { _ = c.tx.Rollback() }

// Finish commits what went right.
func (c *Chore) Finish() error {
	if err := c.Err(); err != nil {
		_ = c.tx.Rollback()
		return err
	}
	return c.tx.Commit()
}
