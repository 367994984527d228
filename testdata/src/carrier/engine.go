// Package carrier has transactions that nothing but contexts carry.
package carrier

import (
	"database/sql"
	"errors"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

var errInput = errors.New("bad input")

func add(tx *sql.Tx, name string) error {
	_, err := tx.Exec("INSERT INTO names (name) VALUES (?)", name)
	return err
}
