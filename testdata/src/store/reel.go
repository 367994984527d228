package store

import (
	"context"
	"database/sql"
)

// A Reel is closed once, by whoever comes first.
type Reel struct {
	tx   *sql.Tx
	done chan struct{}
}

// Reel begins one.
func (s *Store) Reel(ctx context.Context) (*Reel, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Reel{tx: tx, done: make(chan struct{})}, nil
}

// Close rolls back what was not kept.
func (r *Reel) Close() error {
	select {
	case <-r.done:
		return nil
	default:
	}
	close(r.done)
	return r.tx.Rollback()
}

// Keep commits.
func (r *Reel) Keep() error {
	close(r.done)
	return r.tx.Commit()
}
