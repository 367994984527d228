// Package depot has handles that are a database, a transaction or a savepoint, and a store on
// one of them.
package depot

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
)

var errNoTx = errors.New("not in a transaction")

// A Handle runs statements, and can be begun on.
type Handle interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	InTransaction() bool
	Transact(ctx context.Context) (Handle, error)
	Done(err error) error
}

// On returns a handle on a database.
func On(db *sql.DB) Handle { return &counted{next: &dbHandle{db}} }

type dbHandle struct{ *sql.DB }

func (h *dbHandle) InTransaction() bool { return false }

func (h *dbHandle) Transact(ctx context.Context) (Handle, error) {
	tx, err := h.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &txHandle{Tx: tx}, nil
}

func (h *dbHandle) Done(err error) error { return errors.Join(err, errNoTx) } // not reached

type txHandle struct {
	*sql.Tx
	points int
}

func (h *txHandle) InTransaction() bool { return true } // not reached

func (h *txHandle) Transact(ctx context.Context) (Handle, error) {
	h.points++
	name := "p" + strconv.Itoa(h.points)
	if _, err := h.Tx.ExecContext(ctx, "SAVEPOINT "+name); err != nil {
		return nil, err
	}
	return &pointHandle{h, name}, nil
}

func (h *txHandle) Done(err error) error {
	if err == nil {
		return h.Commit()
	}
	return errors.Join(err, h.Rollback())
}

type pointHandle struct {
	*txHandle
	name string
}

func (h *pointHandle) Done(err error) error {
	word := "RELEASE "
	if err != nil {
		word = "ROLLBACK TO "
	}
	_, failed := h.Exec(word + h.name)
	return errors.Join(err, failed)
}

// counted counts the statements of another handle.
type counted struct {
	next  Handle
	count int
}

func (h *counted) InTransaction() bool { return h.next.InTransaction() }

func (h *counted) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	h.count++
	return h.next.ExecContext(ctx, query, args...)
}

func (h *counted) Transact(ctx context.Context) (Handle, error) {
	next, err := h.next.Transact(ctx)
	if err != nil {
		return nil, err
	}
	return &counted{next: next}, nil
}

func (h *counted) Done(err error) error { return h.next.Done(err) }

// A Base is what stores are made of.
type Base struct{ handle Handle }

// NewBase returns one on a database.
func NewBase(db *sql.DB) *Base { return &Base{&dbHandle{db}} }

// On returns one on the handle of another.
func (b *Base) On(other *Base) *Base { return &Base{other.handle} }

// Run runs a statement.
func (b *Base) Run(ctx context.Context, query string) error {
	_, err := b.handle.ExecContext(ctx, query)
	return err
}

// InTransaction tells whether it is.
func (b *Base) InTransaction() bool { return b.handle.InTransaction() }

// Transact begins, or sets a savepoint.
func (b *Base) Transact(ctx context.Context) (*Base, error) {
	handle, err := b.handle.Transact(ctx)
	if err != nil {
		return nil, err
	}
	return &Base{handle}, nil
}

// Done commits, or rolls back where there is an error.
func (b *Base) Done(err error) error { return b.handle.Done(err) }
