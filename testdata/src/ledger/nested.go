package ledger

import (
	"database/sql"
	"errors"
)

// Nested counts how deep it is in its transaction.
type Nested struct {
	db     *sql.DB
	tx     *sql.Tx
	depth  int
	failed bool
}

// NewNested makes one.
func NewNested(db *sql.DB) *Nested { return &Nested{db: db} }

// Begin begins, or goes deeper.
func (n *Nested) Begin() error {
	if n.depth == 0 {
		tx, err := n.db.Begin()
		if err != nil {
			return err
		}
		n.tx = tx
	}
	n.depth++
	return nil
}

// Exec executes.
func (n *Nested) Exec(query string) error {
	_, err := n.tx.Exec(query)
	return err
}

// End goes up, and ends the transaction at the top.
func (n *Nested) End(err error) error {
	if n.depth == 0 {
		return errors.New("nothing has begun") // not reached
	}
	if err != nil {
		n.failed = true
	}
	n.depth--
	if n.depth > 0 {
		return err
	}
	if n.failed {
		return errors.Join(err, n.tx.Rollback())
	}
	return n.tx.Commit()
}
