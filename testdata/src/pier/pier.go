// Package pier gives transactions away as interfaces, whose types nobody outside can name.
package pier

import (
	"context"
	"database/sql"
)

// A Load is written and then ended, whichever way it went.
type Load interface {
	Put(ctx context.Context, name string) error
	Done(err error) error
}

// A Session is closed at the end, after a commit or without one.
type Session interface {
	Put(ctx context.Context, name string) error
	Commit(ctx context.Context) error
	Close(ctx context.Context)
}

// A Tx is a transaction.
type Tx interface {
	Put(ctx context.Context, name string) error
	Commit() error
	Rollback() error
}

// A Pier begins.
type Pier interface {
	Land(context.Context) (load Load, err error)
	Open(ctx context.Context) (Session, error)
}

// NewPier returns a pier.
func NewPier(db *sql.DB) Pier { return &pier{db} }

type pier struct{ db *sql.DB }

func (p *pier) Land(ctx context.Context) (Load, error) {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &load{tx: tx}, nil
}

func (p *pier) Open(ctx context.Context) (Session, error) { return Open(ctx, p.db) }

// Open begins a session.
func Open(ctx context.Context, db *sql.DB) (Session, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &session{tx}, nil
}

type load struct {
	tx   *sql.Tx
	puts int
}

func (l *load) Put(ctx context.Context, name string) error {
	l.puts++
	_, err := l.tx.ExecContext(ctx, "INSERT INTO loads VALUES (?)", name)
	return err
}

func (l *load) Done(err error) error {
	if err != nil {
		_ = l.tx.Rollback()
		return err
	}
	return l.tx.Commit()
}

type session struct{ tx *sql.Tx }

func (s *session) Put(ctx context.Context, name string) error {
	_, err := s.tx.ExecContext(ctx, "INSERT INTO loads VALUES (?)", name)
	return err
}

func (s *session) Commit(context.Context) error { return s.tx.Commit() }
func (s *session) Close(context.Context)        { _ = s.tx.Rollback() }

// Begin has a method of a value behind a pointer.
func Begin(ctx context.Context, db *sql.DB) (Tx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &values{tx}, nil
}

type values struct{ tx *sql.Tx }

func (v values) Put(ctx context.Context, name string) error {
	_, err := v.tx.ExecContext(ctx, "INSERT INTO loads VALUES (?)", name)
	return err
}

func (v values) Commit() error   { return v.tx.Commit() }
func (v values) Rollback() error { return v.tx.Rollback() }

// A Batch has methods of its own and of what is embedded.
type Batch interface {
	Add(ctx context.Context, name string) error
	Commit() error
	Rollback() error
}

// NewBatch begins a batch.
func NewBatch(ctx context.Context, db *sql.DB) (Batch, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &batch{Tx: tx}, nil
}

type batch struct {
	*sql.Tx
	names []string
}

func (b *batch) Add(ctx context.Context, name string) error {
	b.names = append(b.names, name)
	_, err := b.ExecContext(ctx, "INSERT INTO loads VALUES (?)", name)
	return err
}

// A Parcel is a pointer to a value whose methods are called through an interface.
type Parcel struct{ tx *sql.Tx }

// A Sender sends a parcel.
type Sender interface {
	Send(ctx context.Context) error
	Commit() error
	Rollback() error
}

// NewSender begins.
func NewSender(ctx context.Context, db *sql.DB) (Sender, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Parcel{tx}, nil
}

// Send sends it.
func (p Parcel) Send(ctx context.Context) error {
	_, err := p.tx.ExecContext(ctx, "UPDATE parcels SET sent = true")
	return err
}

// Commit commits.
func (p Parcel) Commit() error { return p.tx.Commit() }

// Rollback rolls back.
func (p Parcel) Rollback() error { return p.tx.Rollback() }
