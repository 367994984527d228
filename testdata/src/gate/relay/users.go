package relay

import (
	"context"
	"database/sql"
)

// A Querier is a database or a transaction.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Users are kept in a table.
type Users struct{ q Querier }

// NewUsers returns those that a querier sees.
func NewUsers(q Querier) *Users { return &Users{q} }

// Save writes one.
func (u *Users) Save(ctx context.Context) error {
	_, err := u.q.ExecContext(ctx, "UPDATE users SET n = 1")
	return err
}
