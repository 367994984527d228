package store

import (
	"context"
	"database/sql"
	"errors"
)

// ErrSealed is what an outbox yields that is not open.
var ErrSealed = errors.New("the outbox is sealed")

// An Outbox has messages in a transaction of its own, from when it is opened.
type Outbox struct {
	s  *Store
	tx *sql.Tx
}

// Outbox returns one that is not open.
func (s *Store) Outbox() *Outbox { return &Outbox{s: s} }

// Open begins.
func (o *Outbox) Open(ctx context.Context) error {
	tx, err := o.s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	o.tx = tx
	return nil
}

// IsOpen tells whether it has a transaction.
func (o *Outbox) IsOpen() bool { return o.tx != nil }

// Send commits the messages.
func (o *Outbox) Send() error {
	if o.tx == nil {
		return ErrSealed // not reached
	}
	tx := o.tx
	o.tx = nil
	return tx.Commit()
}

// Burn rolls them back.
func (o *Outbox) Burn() {
	if o.tx != nil {
		_ = o.tx.Rollback()
		o.tx = nil
	}
}

// A Letter says in its fields how far it came.
type Letter struct {
	Tx  *sql.Tx
	Err error
}

// Write begins, and reports whether that has worked.
func (s *Store) Write(ctx context.Context, l *Letter) bool {
	l.Tx, l.Err = s.db.BeginTx(ctx, nil)
	return l.Err == nil
}
