// Package cloak hands out transactions of which users see nothing: what a token has in it is of
// type any, and only the package knows what that is.
package cloak

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"txcases/cloak/ticket"
)

// ErrForeign is the error of a token that somebody else has made.
var ErrForeign = errors.New("cloak: foreign token")

// A Token stands for a transaction.
type Token struct {
	name string
	v    any
}

// A Manager begins and ends what tokens stand for.
type Manager struct{ db *sql.DB }

// NewManager makes a manager.
func NewManager(db *sql.DB) *Manager { return &Manager{db} }

// Begin begins.
func (m *Manager) Begin(ctx context.Context) (Token, error) {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return Token{}, fmt.Errorf("begin: %w", err)
	}
	return Token{name: "tx", v: tx}, nil
}

func of(t Token) (*sql.Tx, error) {
	tx, ok := t.v.(*sql.Tx)
	if !ok {
		return nil, fmt.Errorf("%s: %w", t.name, ErrForeign) // not reached
	}
	return tx, nil
}

// Exec executes.
func (m *Manager) Exec(ctx context.Context, t Token, query string) error {
	tx, err := of(t)
	if err != nil {
		return err // not reached
	}
	_, err = tx.ExecContext(ctx, query)
	return err
}

// Commit commits.
func (m *Manager) Commit(t Token) error {
	tx, err := of(t)
	if err != nil {
		return err // not reached
	}
	return tx.Commit()
}

// Rollback rolls back.
func (m *Manager) Rollback(t Token) error {
	tx, err := of(t)
	if err != nil {
		return err // not reached
	}
	return tx.Rollback()
}

// As takes out what a token stands for.
func As[T any](t *Token) (T, error) {
	v, ok := t.v.(T)
	if !ok {
		return v, ErrForeign // not reached
	}
	return v, nil
}

// Drop rolls back by way of As.
func Drop(t *Token) error {
	tx, err := As[*sql.Tx](t)
	if err != nil {
		return err // not reached
	}
	return tx.Rollback()
}

func (t *Token) inner() any { return t.v }

func (t *Token) tx() *sql.Tx {
	tx, _ := t.inner().(*sql.Tx)
	return tx
}

// Close rolls back by way of two methods.
func (t *Token) Close() {
	if tx := t.tx(); tx != nil {
		_ = tx.Rollback()
	}
}

// Open begins.
func Open(db *sql.DB) (*Token, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Token{v: tx}, nil
}

// Enter begins a ticket, which a package of its own describes.
func (m *Manager) Enter() (ticket.Ticket, error) {
	tx, err := m.db.Begin()
	if err != nil {
		return ticket.Ticket{}, err
	}
	return ticket.For(tx), nil
}

// Leave ends a ticket.
func (m *Manager) Leave(t ticket.Ticket, ok bool) error {
	tx, isTx := t.Handle().(*sql.Tx)
	if !isTx {
		return ErrForeign // not reached
	}
	if ok {
		return tx.Commit()
	}
	return tx.Rollback()
}

// A guarded transaction is ended once.
type guarded struct {
	tx   *sql.Tx
	done bool
}

// A Seal has a guarded transaction.
type Seal struct{ inner any }

// Guard begins, and hides the transaction behind what ends it once.
func (m *Manager) Guard(ctx context.Context) (*Seal, error) {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Seal{&guarded{tx: tx}}, nil
}

func guardOf(s *Seal) (*guarded, error) {
	switch v := s.inner.(type) {
	case nil:
		return nil, errors.New("cloak: no seal") // not reached
	case *guarded:
		return v, nil
	default:
		return nil, ErrForeign // not reached
	}
}

// End commits or rolls back, once.
func (m *Manager) End(s *Seal, ok bool) error {
	g, err := guardOf(s)
	if err != nil {
		return err // not reached
	}
	if g.done {
		return nil
	}
	g.done = true
	if ok {
		return g.tx.Commit()
	}
	return g.tx.Rollback()
}

// End ends what a token stands for, or what is deeper in it.
func End(v any, deep int) error {
	if deep > 0 {
		return EndInside(v, deep) // not reached
	}
	if tx, ok := v.(*sql.Tx); ok {
		return tx.Rollback()
	}
	return nil // not reached
}

// EndInside does so, one level down.
func EndInside(v any, deep int) error { return End(v, deep-1) }
