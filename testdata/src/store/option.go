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
	Commits(ctx context.Context) (int, error)
	// Commit looks up something that was saved.
	Commit(ctx context.Context, name string) (*Record, error)
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
func (Table) Commits(context.Context) (int, error) { return 1, nil }

// Commit knows all of them.
func (Table) Commit(_ context.Context, name string) (*Record, error) { return &Record{Name: name}, nil }

// Ledger is a Saver on a transaction.
type Ledger struct {
	Table
	Tx *sql.Tx
}

// Commits counts more.
func (l Ledger) Commits(ctx context.Context) (int, error) { return 2, Add(ctx, l.Tx, "count") }

// Commit asks for it.
func (l Ledger) Commit(ctx context.Context, name string) (*Record, error) {
	return Read(ctx, l.Tx, name)
}

// SaverOn returns a Saver that works in a transaction.
func SaverOn(tx *sql.Tx, known bool) Saver {
	if known {
		return Archive{}
	}
	return Ledger{Tx: tx}
}
