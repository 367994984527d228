package store

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
)

// Lazy begins when it is first asked for its transaction.
type Lazy struct {
	s    *Store
	once sync.Once
	tx   *sql.Tx
	err  error
}

// Lazy returns one without a transaction.
func (s *Store) Lazy() *Lazy { return &Lazy{s: s} }

// Tx returns its transaction.
func (l *Lazy) Tx(ctx context.Context) (*sql.Tx, error) {
	l.once.Do(func() { l.tx, l.err = l.s.db.BeginTx(ctx, nil) })
	return l.tx, l.err
}

// End ends what was begun.
func (l *Lazy) End(err error) error { return endLazy(l.tx, err) }

func endLazy(tx *sql.Tx, err error) error {
	if tx == nil {
		return err
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Flagged is Lazy with a flag.
type Flagged struct {
	s     *Store
	begun atomic.Bool
	tx    *sql.Tx
	err   error
}

// Flagged returns one without a transaction.
func (s *Store) Flagged() *Flagged { return &Flagged{s: s} }

// Tx returns its transaction.
func (f *Flagged) Tx(ctx context.Context) (*sql.Tx, error) {
	if f.begun.CompareAndSwap(false, true) {
		f.tx, f.err = f.s.db.BeginTx(ctx, nil)
	}
	return f.tx, f.err
}

// End ends what was begun.
func (f *Flagged) End(err error) error { return endLazy(f.tx, err) }
