// Package memdb holds cases of github.com/hashicorp/go-memdb, run in memory. There is
// one writer: a transaction that it leaves open stops all others for ever. Readers
// owe nothing.
package memdb

import (
	"errors"
	"fmt"

	"github.com/hashicorp/go-memdb"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *memdb.MemDB
}

// Job is a row of the table job. One without an ID cannot be inserted.
type Job struct {
	ID   string
	Done bool
}

var errUnknown = errors.New("unknown job")

// Insert forgets the Abort when the job is bad (T3).
func (c Cases) Insert(id string) error {
	txn := c.db.Txn(true)
	if err := txn.Insert("job", &Job{ID: id}); err != nil {
		return fmt.Errorf("insert: %w", err) // want `return leaves transaction txn open`
	}
	txn.Commit()
	return nil
}

// InsertDeferred aborts in any case: after a Commit that does nothing.
func (c Cases) InsertDeferred(id string) error {
	txn := c.db.Txn(true)
	defer txn.Abort()
	if err := txn.Insert("job", &Job{ID: id}); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	txn.Commit()
	return nil
}

// Get reads, and owes nothing.
func (c Cases) Get(id string) (*Job, error) {
	txn := c.db.Txn(false)
	row, err := txn.First("job", "id", id)
	if err != nil {
		return nil, err // not reached
	}
	job, _ := row.(*Job)
	return job, nil
}

// GetDeferred aborts what it reads with, as many do.
func (c Cases) GetDeferred(id string) (any, error) {
	txn := c.db.Txn(false)
	defer txn.Abort()
	return txn.First("job", "id", id)
}

// Finish finds no job and goes.
func (c Cases) Finish(id string) error {
	txn := c.db.Txn(true)
	row, err := txn.First("job", "id", id)
	if err != nil {
		txn.Abort()
		return err // not reached
	}
	if row == nil {
		return errUnknown // want `return leaves transaction txn open`
	}
	if err := txn.Insert("job", &Job{ID: id, Done: true}); err != nil {
		txn.Abort()
		return err // not reached
	}
	txn.Commit()
	return nil // not reached
}

// Either begins for reading or for writing.
func (c Cases) Either(id string, write bool) (bool, error) {
	txn := c.db.Txn(write)
	row, err := txn.First("job", "id", id)
	if err != nil {
		txn.Abort()
		return false, err // not reached
	}
	if !write {
		return row != nil, nil
	}
	defer txn.Abort()
	if err := txn.Insert("job", &Job{ID: id}); err != nil {
		return false, err
	}
	txn.Commit()
	return true, nil
}

// EitherWrong returns out of both.
func (c Cases) EitherWrong(id string, write bool) error {
	txn := c.db.Txn(write)
	row, err := txn.First("job", "id", id)
	if err != nil {
		txn.Abort()
		return err // not reached
	}
	if row == nil {
		return errUnknown // want `return leaves transaction txn open`
	}
	txn.Commit()
	return nil // not reached
}

// Panics ends it on the way of a panic as well.
func (c Cases) Panics(ids []string) (err error) {
	txn := c.db.Txn(true)
	defer func() {
		if v := recover(); v != nil {
			txn.Abort()
			err = errUnknown
		}
	}()
	if len(ids) == 0 {
		panic("no jobs")
	}
	for _, id := range ids {
		if err := txn.Insert("job", &Job{ID: id}); err != nil {
			txn.Abort()
			return err // not reached
		}
	}
	txn.Commit()
	return nil
}

// Store is the state store of a server.
type Store struct{ db *memdb.MemDB }

// UpsertTxn works in a transaction of its caller (T11).
func (s *Store) upsertTxn(txn *memdb.Txn, job *Job) error { return txn.Insert("job", job) }

func (s *Store) upsert(job *Job) error {
	txn := s.db.Txn(true)
	defer txn.Abort()
	if err := s.upsertTxn(txn, job); err != nil {
		return err
	}
	txn.Commit()
	return nil
}

func (s *Store) upsertAll(ids []string, dry bool) error {
	txn := s.db.Txn(true)
	for _, id := range ids {
		if err := s.upsertTxn(txn, &Job{ID: id}); err != nil {
			txn.Abort()
			return err // not reached
		}
	}
	if dry {
		return nil // want `return leaves transaction txn open`
	}
	txn.Commit()
	return nil
}

// Upsert goes through a store.
func (c Cases) Upsert(id string) error { return (&Store{c.db}).upsert(&Job{ID: id}) }

// UpsertAll does so as well.
func (c Cases) UpsertAll(ids []string, dry bool) error { return (&Store{c.db}).upsertAll(ids, dry) }

// Each has a transaction for each job and forgets the empty ones.
func (c Cases) Each(ids []string, skip bool) {
	for _, id := range ids {
		txn := c.db.Txn(true)
		if skip {
			break
		}
		if err := txn.Insert("job", &Job{ID: id}); err != nil {
			txn.Abort()
			continue
		}
		txn.Commit()
	}
} // want `end of function leaves transaction txn open`

// Snapshot reads what a writer has not committed, and lets the writer end.
func (c Cases) Snapshot(id string) (any, error) {
	txn := c.db.Txn(true)
	if err := txn.Insert("job", &Job{ID: id}); err != nil {
		txn.Abort()
		return nil, err
	}
	row, err := txn.Snapshot().First("job", "id", id)
	txn.Commit()
	return row, err
}

// Writer hands a transaction and its end to the caller (T10).
func (c Cases) Writer() (*memdb.Txn, func()) {
	txn := c.db.Txn(true)
	return txn, txn.Abort
}
