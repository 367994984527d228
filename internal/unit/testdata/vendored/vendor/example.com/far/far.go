// Package far begins transactions.
package far

import "database/sql"

type Base struct{ DB *sql.DB }

func (b *Base) Open() (*sql.Tx, error) { return b.DB.Begin() }

func (b *Base) Shut(tx *sql.Tx) { tx.Rollback() }
