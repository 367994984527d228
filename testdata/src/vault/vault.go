// Package vault holds objects that lead to a transaction in ways of their own: users in
// other packages know them by facts alone.
package vault

import (
	"database/sql"
	"errors"
)

// Users, Orders and Items are the repositories of a unit of work.
type (
	Users  struct{ tx *sql.Tx }
	Orders struct{ tx *sql.Tx }
	Items  struct{ tx *sql.Tx }
)

// Add writes a user.
func (u *Users) Add(name string) error {
	_, err := u.tx.Exec("INSERT INTO users VALUES (?)", name)
	return err
}

// A Unit of work has its transaction behind all its repositories.
type Unit struct {
	Users  *Users
	Orders *Orders
	Items  *Items
	tx     *sql.Tx
}

// Begin begins a unit.
func Begin(db *sql.DB) (*Unit, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Unit{&Users{tx}, &Orders{tx}, &Items{tx}, tx}, nil
}

// Commit ends the unit.
func (u *Unit) Commit() error { return u.tx.Commit() }

// Rollback ends the unit.
func (u *Unit) Rollback() error { return u.tx.Rollback() }

// A Store has the transaction three levels down.
type Store struct{ base *base }

type base struct{ conn conn }

type conn struct{ tx *sql.Tx }

// Open begins.
func Open(db *sql.DB) (*Store, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Store{&base{conn{tx}}}, nil
}

// Put writes.
func (s *Store) Put(name string) error {
	_, err := s.base.conn.tx.Exec("INSERT INTO store VALUES (?)", name)
	return err
}

// Close rolls back.
func (s *Store) Close() { _ = s.base.conn.tx.Rollback() }

// Hooks is a transaction as functions.
type Hooks struct{ Commit, Rollback func() error }

// Hook begins.
func Hook(db *sql.DB) (*Hooks, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Hooks{tx.Commit, tx.Rollback}, nil
}

// End commits, or rolls back if there is an error.
func (h *Hooks) End(err *error) {
	if *err != nil {
		_ = h.Rollback()
		return
	}
	*err = h.Commit()
}

// A Mutation does not speak of transactions.
type Mutation interface{ Set(key string) error }

type batch struct{ tx *sql.Tx }

func (b *batch) Set(key string) error {
	_, err := b.tx.Exec("INSERT INTO kv VALUES (?)", key)
	return err
}

// A KV takes mutations in batches.
type KV struct{ DB *sql.DB }

// BeginBatch begins one.
func (kv *KV) BeginBatch() (Mutation, error) {
	tx, err := kv.DB.Begin()
	if err != nil {
		return nil, err
	}
	return &batch{tx}, nil
}

// CommitBatch ends one.
func (kv *KV) CommitBatch(m Mutation) error { return m.(*batch).tx.Commit() }

// A Shared transaction is ended by the last who has it.
type Shared struct {
	tx    *sql.Tx
	users int
}

// Share begins.
func Share(db *sql.DB) (*Shared, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Shared{tx, 1}, nil
}

// Retain counts one user more.
func (s *Shared) Retain() { s.users++ }

// Put writes.
func (s *Shared) Put(name string) error {
	_, err := s.tx.Exec("INSERT INTO store VALUES (?)", name)
	return err
}

// Release counts one user less.
func (s *Shared) Release() error {
	s.users--
	if s.users > 0 {
		return nil
	}
	return s.tx.Rollback()
}

// A Result is a value or an error.
type Result[T any] struct {
	Value T
	Err   error
}

// Try begins.
func Try(db *sql.DB) Result[*sql.Tx] {
	tx, err := db.Begin()
	return Result[*sql.Tx]{tx, err}
}

// OK tells whether there is no error.
func (r Result[T]) OK() bool { return r.Err == nil }

// Unpack returns both.
func (r Result[T]) Unpack() (T, error) { return r.Value, r.Err }

var errLimit = errors.New("the limit is reached")

// A Capped transaction takes so many writes.
type Capped struct {
	tx   *sql.Tx
	left int
}

// Cap begins.
func Cap(db *sql.DB, n int) (*Capped, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Capped{tx, n}, nil
}

// Commit fails without an end when too much was written.
func (c *Capped) Commit() error {
	if c.left < 1 {
		return errLimit
	}
	return c.tx.Commit()
}

// A Chain writes until something fails.
type Chain struct {
	db  *sql.DB
	tx  *sql.Tx
	err error
}

// On makes a chain.
func On(db *sql.DB) *Chain { return &Chain{db: db} }

// Begin begins.
func (c *Chain) Begin() *Chain {
	if c.err == nil {
		c.tx, c.err = c.db.Begin()
	}
	return c
}

// Put writes.
func (c *Chain) Put(name string) *Chain {
	if c.err == nil {
		_, c.err = c.tx.Exec("INSERT INTO chain VALUES (?)", name)
	}
	return c
}

// End commits, or rolls back if something has failed.
func (c *Chain) End() error {
	if c.tx == nil {
		return c.err
	}
	if c.err != nil {
		_ = c.tx.Rollback()
		return c.err
	}
	return c.tx.Commit()
}

// Again calls a function until it works.
func Again(n int, f func() error) (err error) {
	for range n {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}

// A Gate is shut once.
type Gate struct {
	tx   *sql.Tx
	shut chan struct{}
}

// Enter begins.
func Enter(db *sql.DB) (*Gate, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Gate{tx, make(chan struct{})}, nil
}

// Shut rolls back, unless that was done.
func (g *Gate) Shut() error {
	select {
	case <-g.shut:
		return nil // not reached
	default:
	}
	close(g.shut)
	return g.tx.Rollback()
}

// Plain is a transaction under another name.
type Plain sql.Tx

// Close rolls back.
func (p *Plain) Close() error { return (*sql.Tx)(p).Rollback() }
