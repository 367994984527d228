package store

import (
	"context"
	"database/sql"
)

// An Option says how to save.
type Option func(*saving)

type saving struct {
	tx   *sql.Tx
	name string
}

// WithTx saves in a transaction of the caller's.
func WithTx(tx *sql.Tx) Option { return func(s *saving) { s.tx = tx } }

// Save saves an item.
func Save(ctx context.Context, name string, options ...Option) error {
	s := saving{name: name}
	for _, o := range options {
		o(&s)
	}
	return Add(ctx, s.tx, s.name)
}

// A Saver saves; there are several.
type Saver interface {
	Save(ctx context.Context, name string, options ...Option) error
	// Each runs all steps.
	Each(steps ...func() error) error
	// Commits counts what was saved.
	Commits(ctx context.Context, name string) (int, error)
}

// Save makes a Saver of Table.
func (Table) Save(ctx context.Context, name string, options ...Option) error {
	return Save(ctx, name, options...)
}

// Each runs them in turn.
func (Table) Each(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// Commits counts one.
func (Table) Commits(context.Context, string) (int, error) { return 1, nil }

// Ledger is a Saver on a transaction.
type Ledger struct {
	Table
	Tx *sql.Tx
}

// Commits counts those of a name.
func (l Ledger) Commits(ctx context.Context, name string) (int, error) {
	return 2, Add(ctx, l.Tx, name)
}

// SaverOn returns a Saver that works in a transaction.
func SaverOn(tx *sql.Tx, known bool) Saver {
	if known {
		return Archive{}
	}
	return Ledger{Tx: tx}
}
