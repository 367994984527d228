package ledger

import (
	"context"
	"database/sql"
)

type key struct{}

// With puts a transaction into a context.
func With(ctx context.Context, tx *sql.Tx) context.Context {
	return context.WithValue(ctx, key{}, tx)
}

// From takes it out.
func From(ctx context.Context) (*sql.Tx, bool) {
	tx, ok := ctx.Value(key{}).(*sql.Tx)
	return tx, ok && tx != nil
}

// A Unit makes its accounts when they are asked for.
type Unit struct {
	tx       *sql.Tx
	accounts *Accounts
}

// Start begins.
func Start(db *sql.DB) (*Unit, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Unit{tx: tx}, nil
}

// Accounts are those of the unit.
func (u *Unit) Accounts() *Accounts {
	if u.accounts == nil {
		u.accounts = &Accounts{u.tx}
	}
	return u.accounts
}

// Commit ends it.
func (u *Unit) Commit() error { return u.tx.Commit() }

// Rollback ends it.
func (u *Unit) Rollback() error { return u.tx.Rollback() }

// Accounts run on a transaction.
type Accounts struct{ tx *sql.Tx }

// Open opens one.
func (a *Accounts) Open() error {
	_, err := a.tx.Exec("A")
	return err
}
