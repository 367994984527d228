package cloak

import (
	"context"
	"database/sql"
)

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// People are kept in a database, in the transaction of a Work where one is passed.
type People struct {
	DB    *sql.DB
	batch []any
}

func (p *People) in(tx any) execer {
	if tx, ok := tx.(*sql.Tx); ok {
		return tx
	}
	return p.DB // not reached
}

// Add adds somebody.
func (p *People) Add(ctx context.Context, tx any, name string) error {
	_, err := p.in(tx).ExecContext(ctx, "INSERT INTO people VALUES (?)", name)
	return err
}

// Save writes all of them.
func (p *People) Save(ctx context.Context, tx any) error {
	_, err := tx.(*sql.Tx).ExecContext(ctx, "UPDATE people SET saved = 1")
	return err
}

// AddBatch adds somebody, and a transaction that Close commits.
func (p *People) AddBatch(ctx context.Context, tx any, name string) error {
	p.batch = append(p.batch, tx)
	_, err := tx.(*sql.Tx).ExecContext(ctx, "INSERT INTO people VALUES (?)", name)
	return err
}

// Close commits what has been added.
func (p *People) Close() (err error) {
	for _, tx := range p.batch {
		if e := tx.(*sql.Tx).Commit(); e != nil {
			err = e
		}
	}
	return err
}

// A Recorder records names.
type Recorder interface {
	Store(ctx context.Context, tx any, name string) error
}

// NewRecorder makes a recorder, of a type that nobody outside can name.
func NewRecorder() Recorder { return records{} }

type records struct{}

func (records) Store(ctx context.Context, tx any, name string) error {
	_, err := tx.(*sql.Tx).ExecContext(ctx, "INSERT INTO records VALUES (?)", name)
	return err
}
