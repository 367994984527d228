package ledger

import (
	"database/sql"
	"sync/atomic"
)

// A Latch ends its transaction once.
type Latch struct {
	tx   *sql.Tx
	done atomic.Bool
}

// NewLatch guards a transaction.
func NewLatch(tx *sql.Tx) *Latch { return &Latch{tx: tx} }

// Rollback rolls back unless it is done.
func (l *Latch) Rollback() error {
	if l.done.Swap(true) {
		return nil // not reached
	}
	return l.tx.Rollback()
}

// Commit commits unless it is done.
func (l *Latch) Commit() error {
	if l.done.Swap(true) {
		return nil // not reached
	}
	return l.tx.Commit()
}

// Done tells whether it is.
func (l *Latch) Done() bool { return l.done.Load() }

// Work tells by two fields that exclude each other how it went.
func Work(tx *sql.Tx) Report {
	if _, err := tx.Exec("A"); err != nil {
		return Report{Err: err}
	}
	return Report{Ended: true}
}
