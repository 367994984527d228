// Package bunrepo has a repository that runs on what it is given.
package bunrepo

import (
	"context"

	"github.com/uptrace/bun"
)

// A Repo runs on a database or a transaction.
type Repo struct{ db bun.IDB }

// On makes one.
func On(db bun.IDB) *Repo { return &Repo{db} }

// Clear deletes all.
func (r *Repo) Clear(ctx context.Context) error {
	_, err := r.db.ExecContext(ctx, "DELETE FROM orders")
	return err
}
