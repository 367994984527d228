// Package wharf gives transactions away as an interface that several types implement, of which
// its importers see the ones that do nothing.
package wharf

import (
	"context"
	"database/sql"
)

// A Committer ends what was begun.
type Committer interface {
	Commit() error
	Rollback() error
}

// nested is for a transaction inside another one, which ends both.
type nested struct{ outer Committer }

func (n *nested) Commit() error   { return nil }
func (n *nested) Rollback() error { return n.outer.Rollback() } // not reached

var db *sql.DB

// Set tells where to begin.
func Set(to *sql.DB) { db = to }

// Begin begins, or takes part in what was begun.
func Begin(outer Committer) (Committer, error) {
	if outer != nil {
		return &nested{outer}, nil
	}
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return tx, nil
}

// A Hold is a transaction.
type Hold interface {
	Load(ctx context.Context, what string) error
	Commit() error
	Rollback() error
}

// A Ship begins.
type Ship interface {
	Begin(ctx context.Context) (Hold, error)
}

type nopHold struct{}

func (nopHold) Load(context.Context, string) error { return nil } // not reached
func (nopHold) Commit() error                      { return nil } // not reached
func (nopHold) Rollback() error                    { return nil } // not reached

// A Model is a ship without transactions.
type Model struct{}

// Begin begins nothing.
func (Model) Begin(context.Context) (Hold, error) { return nopHold{}, nil } // not reached

// A Barge passes on what it is asked for.
type Barge interface {
	BeginTx(ctx context.Context) (Hold, error)
}

// Traced counts what is begun.
type Traced struct {
	Barge
	count int
}

// BeginTx begins where the other barge does.
func (t *Traced) BeginTx(ctx context.Context) (Hold, error) {
	t.count++
	hold, err := t.Barge.BeginTx(ctx)
	if err != nil {
		return nil, err
	}
	return &TracedHold{Hold: hold}, nil
}

// A TracedHold knows whether it was committed.
type TracedHold struct {
	Hold
	done bool
}

// Commit commits.
func (t *TracedHold) Commit() error {
	t.done = true
	return t.Hold.Commit()
}

// Rollback rolls back what was not committed.
func (t *TracedHold) Rollback() error {
	if t.done {
		return nil
	}
	return t.Hold.Rollback()
}
