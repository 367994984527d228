package style

import "database/sql"

// A guarded transaction is closed by others, and rolled back by itself.
type guarded struct{ tx *sql.Tx }

func guard(db *sql.DB) (*guarded, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &guarded{tx}, nil
}

func (g *guarded) Commit() error { return g.tx.Commit() }

func (g *guarded) Close() error { return g.rollback() }

func (g *guarded) rollback() error { return g.tx.Rollback() }

func inner(db *sql.DB, stop bool) error {
	g, err := guard(db)
	if err != nil {
		return err
	}
	if stop {
		return nil // want `return leaves transaction g open`
	}
	return g.Commit()
}
