// Package rack keeps transactions in containers: users in other packages know by facts that they
// are in there.
package rack

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrEmpty is the error of an object without a transaction.
var ErrEmpty = errors.New("rack: no transaction")

// A Coordinator has a transaction per shard.
type Coordinator struct {
	name string
	txs  []*sql.Tx
}

// Begin begins on one more shard, and yields what it has begun.
func (c *Coordinator) Begin(ctx context.Context, shard *sql.DB) (*sql.Tx, error) {
	tx, err := shard.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("shard %d: %w", len(c.txs), err)
	}
	c.txs = append(c.txs, tx)
	return tx, nil
}

// Join begins on one more shard.
func (c *Coordinator) Join(ctx context.Context, shard *sql.DB) error {
	_, err := c.Begin(ctx, shard)
	return err
}

// Len is how many have joined.
func (c *Coordinator) Len() int { return len(c.txs) }

// All yields what has been begun.
func (c *Coordinator) All() []*sql.Tx { return c.txs }

// Commit commits on all shards.
func (c *Coordinator) Commit() error {
	var errs []error
	for _, tx := range c.txs {
		errs = append(errs, tx.Commit())
	}
	return errors.Join(errs...)
}

// Rollback rolls back on all shards.
func (c *Coordinator) Rollback() {
	for i := len(c.txs) - 1; i >= 0; i-- {
		_ = c.txs[i].Rollback()
	}
}

// A Stack has nested transactions.
type Stack struct{ Txs []*sql.Tx }

// Open begins a stack.
func Open(db *sql.DB) (*Stack, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Stack{Txs: []*sql.Tx{tx}}, nil
}

// Pop yields the last one.
func (s *Stack) Pop() (*sql.Tx, error) {
	n := len(s.Txs)
	if n == 0 {
		return nil, ErrEmpty // not reached
	}
	tx := s.Txs[n-1]
	s.Txs = s.Txs[:n-1]
	return tx, nil
}

// End ends the last one.
func (s *Stack) End(ok bool) error {
	tx, err := s.Pop()
	if err != nil {
		return err // not reached
	}
	if ok {
		return tx.Commit()
	}
	return tx.Rollback()
}

// A Slot lets one at a time have the transaction.
type Slot struct{ free chan *sql.Tx }

// Reserve begins.
func Reserve(db *sql.DB) (*Slot, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	s := &Slot{make(chan *sql.Tx, 1)}
	s.free <- tx
	return s, nil
}

// Exec executes.
func (s *Slot) Exec(query string) error {
	tx := <-s.free
	defer func() { s.free <- tx }()
	_, err := tx.Exec(query)
	return err
}

// Close rolls back.
func (s *Slot) Close() error {
	select {
	case tx := <-s.free:
		return tx.Rollback()
	default:
		return nil // not reached
	}
}

// A Pair has a transaction for reading and one for writing.
type Pair struct{ txs [2]*sql.Tx }

// Enter begins the one for reading.
func Enter(db *sql.DB) (*Pair, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Pair{[2]*sql.Tx{tx, nil}}, nil
}

// Leave rolls back both.
func (p *Pair) Leave() {
	for _, tx := range p.txs {
		if tx != nil {
			_ = tx.Rollback()
		}
	}
}

// A Writer has one transaction, and yields it in several ways.
type Writer struct{ tx *sql.Tx }

// Write begins.
func Write(db *sql.DB) (*Writer, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Writer{tx}, nil
}

// List yields a list.
func (w *Writer) List() []*sql.Tx { return []*sql.Tx{w.tx} }

// Named yields a map.
func (w *Writer) Named() map[string]*sql.Tx { return map[string]*sql.Tx{"main": w.tx} }

// Listed yields a list of what it is given.
func Listed(tx *sql.Tx) []*sql.Tx { return []*sql.Tx{tx} }
