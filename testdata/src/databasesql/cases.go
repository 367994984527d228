// Package databasesql holds cases of the standard library's transactions.
package databasesql

import (
	"database/sql"
	"errors"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	p.After(drain)
	return Cases{p}
}

// kept are the transactions that a case has handed to somebody who outlives it.
var kept = map[string]*sql.Tx{}

// drain stands for the owners of what was handed over.
func drain() {
	for name, tx := range kept {
		_ = tx.Rollback()
		delete(kept, name)
	}
	for len(queue) > 0 {
		_ = (<-queue).Rollback()
	}
}

// queue takes transactions that a worker finishes later.
var queue = make(chan *sql.Tx, 8)

var (
	errStock  = errors.New("out of stock")
	errLocked = errors.New("account is locked")
)
