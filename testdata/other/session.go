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

// A Guard ends a transaction by an error of its user's.
type Guard struct {
	tx  *sql.Tx
	err *error
}

// NewGuard returns a guard that watches err.
func NewGuard(tx *sql.Tx, err *error) *Guard { return &Guard{tx: tx, err: err} }

// Leave ends the transaction.
func (g *Guard) Leave() { End(g.tx, g.err) }

// Alive reports whether the transaction can still be used. If not, Alive has
// rolled it back.
func Alive(ctx context.Context, tx *sql.Tx) bool {
	if _, err := tx.ExecContext(ctx, "SELECT 1"); err != nil {
		_ = tx.Rollback()
		return false
	}
	return true
}

// Done commits if that is allowed, and reports whether it was.
func Done(tx *sql.Tx, allowed bool) bool {
	if !allowed {
		return false
	}
	_ = tx.Commit()
	return true
}

// Collect runs work in a transaction and returns what work returns.
func Collect[T any](ctx context.Context, db *sql.DB, work func(*sql.Tx) ([]T, error)) ([]T, error) {
	tx, err := Begin(ctx, db)
	if err != nil {
		return nil, err
	}
	defer Rollback(tx)
	all, err := work(tx)
	if err != nil {
		return nil, err
	}
	return all, tx.Commit()
}
