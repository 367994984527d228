// Package ledger has objects and helpers that tell what they did by numbers, texts,
// fields, pointers and functions.
package ledger

import (
	"context"
	"database/sql"
	"errors"
)

// A State is what an entry is in.
type State int

// The states of an entry.
const (
	Idle State = iota
	Open
	Done
)

// An Entry knows its state by a number.
type Entry struct {
	Tx    *sql.Tx
	state State
}

// Begin opens an entry.
func Begin(db *sql.DB) (*Entry, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Entry{tx, Open}, nil
}

// State tells it.
func (e *Entry) State() State { return e.state }

// IsOpen tells whether it is open.
func (e *Entry) IsOpen() bool { return e.state == Open }

// Commit ends it.
func (e *Entry) Commit() error {
	e.state = Done
	return e.Tx.Commit()
}

// Rollback ends it.
func (e *Entry) Rollback() error {
	e.state = Done
	return e.Tx.Rollback()
}

// Outcomes of a step.
const (
	Went = iota
	Failed
	Ended
)

// Step tells by a number whether it has ended the transaction.
func Step(tx *sql.Tx) int {
	if _, err := tx.Exec("A"); err != nil {
		_ = tx.Rollback()
		return Ended
	}
	return Went
}

// BeginCode tells by a number whether it has begun.
func BeginCode(db *sql.DB) (*sql.Tx, int) {
	tx, err := db.Begin()
	if err != nil {
		return nil, 500
	}
	return tx, 0
}

// A Report tells by its fields.
type Report struct {
	Ended bool
	Err   error
}

// Attempt tells by a report.
func Attempt(tx *sql.Tx) Report {
	if _, err := tx.Exec("A"); err != nil {
		_ = tx.Rollback()
		return Report{true, err}
	}
	return Report{}
}

// Mark tells by what a pointer leads to.
func Mark(tx *sql.Tx, ended *bool) error {
	_, err := tx.Exec("A")
	if err != nil {
		_ = tx.Rollback()
		*ended = true
	}
	return err
}

// First keeps the first error.
func First(first *error, err error) {
	if *first == nil {
		*first = err
	}
}

// Both is a transaction and what its Begin said.
type Both struct {
	Tx  *sql.Tx
	Err error
}

// Pair makes one.
func Pair(tx *sql.Tx, err error) Both { return Both{tx, err} }

// Worked tells whether a Begin did.
func Worked(tx *sql.Tx, err error) (*sql.Tx, bool) { return tx, err == nil }

// OrNone drops what failed.
func OrNone[T any](v *T, err error) *T {
	if err != nil {
		return nil
	}
	return v
}

// At returns where a value is.
func At[T any](v T) *T { return &v }

// An Execer runs statements.
type Execer interface {
	Exec(query string, args ...any) (sql.Result, error)
}

// A Repo runs on a database or a transaction.
type Repo struct{ on Execer }

// BeginRepo makes one that runs on a transaction.
func BeginRepo(db *sql.DB) (*Repo, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Repo{on: tx}, nil
}

// Add adds.
func (r *Repo) Add() error {
	_, err := r.on.Exec("A")
	return err
}

// Commit ends the transaction, and so does Rollback.
func (r *Repo) Commit() error { return r.on.(*sql.Tx).Commit() }

// Rollback is for those that failed.
func (r *Repo) Rollback() error {
	if tx, ok := r.on.(*sql.Tx); ok {
		return tx.Rollback()
	}
	return nil // not reached
}

// EndAt commits from a number on.
func EndAt(tx *sql.Tx, n int) error {
	if n < 3 {
		return nil
	}
	return tx.Commit()
}

// EndIfAny ends it when there are errors.
func EndIfAny(tx *sql.Tx, errs ...error) {
	if len(errs) > 0 {
		_ = tx.Rollback()
	}
}

// EndUnless asks a function at the end.
func EndUnless(tx *sql.Tx, done func() bool) {
	if done() {
		return
	}
	_ = tx.Rollback()
}

// Finally runs two functions.
func Finally(f, g func() error) error {
	err := f()
	return errors.Join(err, g())
}

// Either runs one of two functions.
func Either(ok bool, f, g func() error) error {
	if ok {
		return f()
	}
	return g()
}

// Guard rolls back what fails.
func Guard(tx *sql.Tx, work func() error) (err error) {
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	return work()
}

// A Batch begins when it needs to.
type Batch struct {
	db *sql.DB
	tx *sql.Tx
}

// NewBatch has not begun.
func NewBatch(db *sql.DB) *Batch { return &Batch{db: db} }

// Put begins at first.
func (b *Batch) Put(ctx context.Context) error {
	if b.tx == nil {
		tx, err := b.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		b.tx = tx
	}
	_, err := b.tx.ExecContext(ctx, "A")
	return err
}

// Flush commits.
func (b *Batch) Flush() error {
	if b.tx == nil {
		return nil
	}
	return b.tx.Commit()
}

// Abort rolls back.
func (b *Batch) Abort() {
	if b.tx != nil {
		_ = b.tx.Rollback()
	}
}

// A Journal has its implementation out of sight.
type Journal interface {
	Flush() error
	Drop()
}

type journal struct{ tx *sql.Tx }

// NewJournal begins one.
func NewJournal(db *sql.DB) (Journal, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &journal{tx}, nil
}

func (j *journal) Flush() error { return j.tx.Commit() }
func (j *journal) Drop()        { _ = j.tx.Rollback() }

// A FullError tells that a ledger is full, and that the transaction was ended.
type FullError struct{ Page int }

// Error says so.
func (*FullError) Error() string { return "full" } // not reached

// Enter ends it where it returns a FullError.
func Enter(tx *sql.Tx) error {
	if _, err := tx.Exec("A"); err != nil {
		_ = tx.Rollback()
		return &FullError{1}
	}
	_, err := tx.Exec("B")
	return err
}

// Undoer returns what rolls back, and what tells it not to.
func Undoer(tx *sql.Tx) (undo, keep func()) {
	kept := false
	undo = func() {
		if !kept {
			_ = tx.Rollback()
		}
	}
	return undo, func() { kept = true }
}

// Within cancels the context of some work when that is done.
func Within(ctx context.Context, work func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return work(ctx)
}

// Bound begins, and yields what is made of the transaction.
func Bound[R any](db *sql.DB, bind func(*sql.Tx) R) (R, error) {
	tx, err := db.Begin()
	if err != nil {
		var none R
		return none, err
	}
	return bind(tx), nil
}
