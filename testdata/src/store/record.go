package store

import (
	"context"
	"database/sql"
)

// A Record is what is known of an item: data, whatever it is loaded by.
type Record struct {
	Name   string
	Labels map[string]any
	Parent *Record
	Parts  []Record
	Price  sql.NullInt64
}

// A Reader loads records; nobody can tell which one is asked.
type Reader interface {
	Load(ctx context.Context, tx *sql.Tx, name string) (*Record, error)
	// Scan leaves the rest to the cursor, which ends the transaction.
	Scan(ctx context.Context, tx *sql.Tx) (*Cursor, error)
	// Hold lends the transaction to a visitor, who ends it.
	Hold(tx *sql.Tx) Ticket
	// Under returns what is to be called in the end.
	Under(tx *sql.Tx) Undo
}

// A Cursor goes through records and ends the transaction with them.
type Cursor struct {
	At   Record
	from Tx
}

// Close ends the transaction.
func (c *Cursor) Close() error { return c.from.Rollback() } // not reached

// An Undo is a record of what is to be done in the end.
type Undo struct {
	Name string
	Do   func()
}

// A Ticket stands for a transaction that is kept elsewhere.
type Ticket struct{ number int }

var held = map[int]*sql.Tx{}

// Commit commits it.
func (t Ticket) Commit() error { return held[t.number].Commit() } // not reached

// Rollback rolls it back.
func (t Ticket) Rollback() error { return held[t.number].Rollback() }

// Table is the one Reader.
type Table struct{}

// Load loads a record.
func (Table) Load(ctx context.Context, tx *sql.Tx, name string) (*Record, error) {
	return Read(ctx, tx, name)
}

// Scan begins at the first record.
func (Table) Scan(ctx context.Context, tx *sql.Tx) (*Cursor, error) {
	if err := Add(ctx, tx, "cursor"); err != nil {
		return nil, err
	}
	return &Cursor{At: Record{Name: "tea"}, from: tx}, nil
}

// Hold keeps the transaction.
func (Table) Hold(tx *sql.Tx) Ticket {
	n := len(held)
	held[n] = tx
	return Ticket{n}
}

// Under rolls back in the end.
func (Table) Under(tx *sql.Tx) Undo {
	return Undo{"table", func() { Rollback(tx) }}
}

// Archive is the other one, which has nothing of its own.
type Archive struct{ Table }

// Load loads a record from the archive.
func (a Archive) Load(ctx context.Context, tx *sql.Tx, name string) (*Record, error) {
	return a.Table.Load(ctx, tx, "old "+name)
}

// Scan begins at the oldest record.
func (a Archive) Scan(ctx context.Context, tx *sql.Tx) (*Cursor, error) { return a.Table.Scan(ctx, tx) }

// Hold keeps the transaction.
func (a Archive) Hold(tx *sql.Tx) Ticket { return a.Table.Hold(tx) }

// Under rolls back in the end.
func (a Archive) Under(tx *sql.Tx) Undo { return a.Table.Under(tx) }

// Read reads the record of a name.
func Read(ctx context.Context, tx *sql.Tx, name string) (*Record, error) {
	if err := Add(ctx, tx, name); err != nil {
		return nil, err
	}
	return &Record{Name: name}, nil
}
