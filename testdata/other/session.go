package txkit

import (
	"context"
	"database/sql"
)

// A Session is a transaction with a name.
type Session struct {
	*sql.Tx
	Name string
}

// Open begins a session.
func Open(ctx context.Context, db *sql.DB, name string) (*Session, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Session{Tx: tx, Name: name}, nil
}

// Close rolls back what was not committed.
func (s *Session) Close() { _ = s.Tx.Rollback() }

// Flush does nothing yet.
func (s *Session) Flush() error { return nil }

// A Holder keeps a transaction of any kind until it is released.
type Holder[T interface{ Rollback() error }] struct {
	Tx  T
	use int
}

// Hold puts a transaction into a holder.
func Hold[T interface{ Rollback() error }](tx T) *Holder[T] { return &Holder[T]{Tx: tx} }

// Use counts a use.
func (h *Holder[T]) Use() T {
	h.use++
	return h.Tx
}

// Release rolls back.
func (h *Holder[T]) Release() { _ = h.Tx.Rollback() }
