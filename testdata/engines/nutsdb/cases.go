// Package nutsdb holds cases of github.com/nutsdb/nutsdb, run on a store in files. One
// lock is behind all transactions, and a second Commit panics.
package nutsdb

import (
	"errors"
	"fmt"

	"github.com/nutsdb/nutsdb"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *nutsdb.DB
}

const events = "events"

var errKind = errors.New("no such kind of event")

func put(tx *nutsdb.Tx, kind string) error {
	return tx.Put(events, []byte("kind:"+kind), []byte(kind), nutsdb.Persistent)
}

// Emit leaves an unknown kind with the lock (T3).
func (c Cases) Emit(kind string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	if kind == "" {
		return errKind // want `return leaves transaction tx open`
	}
	if err := put(tx, kind); err != nil {
		return errors.Join(err, tx.Rollback()) // not reached
	}
	return tx.Commit()
}

// EmitDeferred rolls back in any case, which after a Commit is an error and no more.
func (c Cases) EmitDeferred(kind string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if kind == "" {
		return errKind
	}
	if err := put(tx, kind); err != nil {
		return err // not reached
	}
	return tx.Commit()
}

// EmitFlag remembers whether it has committed.
func (c Cases) EmitFlag(kind string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback()
		}
	}()
	if kind == "" {
		return errKind
	}
	done = true
	return tx.Commit()
}

// Last reads, and ends that by Commit, as one may here.
func (c Cases) Last(kind string) ([]byte, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return nil, err
	}
	v, err := tx.Get(events, []byte("kind:"+kind))
	return v, errors.Join(err, tx.Commit())
}

// LastMissing forgets it where nothing is found.
func (c Cases) LastMissing(kind string) ([]byte, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return nil, err
	}
	v, err := tx.Get(events, []byte("kind:"+kind))
	if err != nil {
		return nil, fmt.Errorf("last %s: %w", kind, err) // want `return leaves transaction tx open`
	}
	return v, tx.Commit() // not reached
}

// EmitAll goes on with the next one where it should have ended this one.
func (c Cases) EmitAll(kinds []string, known bool) (n int) {
	for _, kind := range kinds {
		tx, err := c.db.Begin(true)
		if err != nil {
			continue
		}
		if !known {
			continue // want `next iteration leaves transaction tx open`
		}
		_ = put(tx, kind)
		if tx.Commit() == nil {
			n++
		}
	}
	return n // want `return leaves transaction tx open`
}

// EmitEach ends each.
func (c Cases) EmitEach(kinds []string) (n int) {
	for _, kind := range kinds {
		tx, err := c.db.Begin(true)
		if err != nil {
			return n
		}
		if err := put(tx, kind); err != nil {
			_ = tx.Rollback()
			return n // not reached
		}
		if tx.Commit() != nil {
			return n
		}
		n++
	}
	return n
}

// Managed leaves the end to the store (T7).
func (c Cases) Managed(kind string) error {
	return c.db.Update(func(tx *nutsdb.Tx) error {
		if kind == "" {
			return errKind
		}
		return put(tx, kind)
	})
}

// begin returns the end along with the transaction (T8).
func (c Cases) begin(write bool) (*nutsdb.Tx, func(*error), error) {
	tx, err := c.db.Begin(write)
	if err != nil {
		return nil, nil, err
	}
	return tx, func(err *error) {
		if *err != nil {
			_ = tx.Rollback()
			return
		}
		*err = tx.Commit()
	}, nil
}

// Ended defers it.
func (c Cases) Ended(kind string) (err error) {
	tx, end, err := c.begin(true)
	if err != nil {
		return err
	}
	defer end(&err)
	if kind == "" {
		return errKind
	}
	return put(tx, kind)
}

// EndedLate does so a little late.
func (c Cases) EndedLate(kind string) (err error) {
	tx, end, err := c.begin(true)
	if err != nil {
		return err
	}
	if kind == "" {
		return errKind // want `return leaves transaction tx open`
	}
	defer end(&err)
	return put(tx, kind)
}
