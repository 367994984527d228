// Package buntdb holds cases of github.com/tidwall/buntdb, run on a store in a file.
// One lock is behind all transactions: who leaves one open that writes stops everybody.
package buntdb

import (
	"errors"
	"strconv"

	"github.com/tidwall/buntdb"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *buntdb.DB
}

var errBlank = errors.New("a session has a name")

// Login forgets the transaction of a blank name (T3).
func (c Cases) Login(name string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	if name == "" {
		return errBlank // want `return leaves transaction tx open`
	}
	if _, _, err := tx.Set("session:"+name, "1", nil); err != nil {
		tx.Rollback()
		return err // not reached
	}
	return tx.Commit()
}

// LoginDeferred rolls back whatever it did not commit.
func (c Cases) LoginDeferred(name string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if name == "" {
		return errBlank
	}
	if _, _, err := tx.Set("session:"+name, "1", nil); err != nil {
		return err // not reached
	}
	return tx.Commit()
}

// Find reads, and keeps all others from writing when it finds nothing.
func (c Cases) Find(name string) (string, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return "", err
	}
	v, err := tx.Get("session:" + name)
	if err != nil {
		return "", err // want `return leaves transaction tx open`
	}
	return v, tx.Rollback() // not reached
}

// FindCommitted takes Commit for the end of a transaction that reads.
func (c Cases) FindCommitted(name string) (found bool, err error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return false, err
	}
	_, err = tx.Get("session:" + name)
	if err == nil {
		found = true
	}
	return found, tx.Commit() // want `return leaves transaction tx open`
}

// FindBoth knows better.
func (c Cases) FindBoth(name string, write bool) (err error) {
	tx, err := c.db.Begin(write)
	if err != nil {
		return err
	}
	if !write {
		_, err = tx.Get("session:" + name)
		return errors.Join(err, tx.Rollback())
	}
	if _, _, err = tx.Set("session:"+name, "2", nil); err != nil {
		return errors.Join(err, tx.Rollback()) // not reached
	}
	return tx.Commit()
}

// LoginAll has a transaction for each name, and forgets one where it stops.
func (c Cases) LoginAll(names []string, full bool) (n int, err error) {
	for _, name := range names {
		tx, err := c.db.Begin(true)
		if err != nil {
			return n, err
		}
		if full {
			break
		}
		if _, _, err := tx.Set(name, strconv.Itoa(n), nil); err != nil {
			tx.Rollback()
			return n, err // not reached
		}
		if err := tx.Commit(); err != nil {
			return n, err
		}
		n++
	}
	return n, nil // want `return leaves transaction tx open`
}

// Managed leaves the end to the store (T7).
func (c Cases) Managed(name string) error {
	return c.db.Update(func(tx *buntdb.Tx) error {
		if name == "" {
			return errBlank
		}
		_, _, err := tx.Set("session:"+name, "1", nil)
		return err
	})
}

// batch is a transaction that counts what it does.
type batch struct {
	*buntdb.Tx
	n int
}

func (c Cases) batch() (*batch, error) {
	tx, err := c.db.Begin(true)
	if err != nil {
		return nil, err
	}
	return &batch{Tx: tx}, nil
}

func (b *batch) put(name string) error {
	b.n++
	_, _, err := b.Set(name, strconv.Itoa(b.n), nil)
	return err
}

func (b *batch) close(err error) error {
	if err != nil {
		return errors.Join(err, b.Rollback()) // not reached
	}
	return b.Commit()
}

// Batch closes what it gets (T8).
func (c Cases) Batch(names []string) error {
	b, err := c.batch()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := b.put(name); err != nil {
			return b.close(err) // not reached
		}
	}
	return b.close(nil)
}

// BatchEmpty does not when there is nothing to do.
func (c Cases) BatchEmpty(names []string) error {
	b, err := c.batch()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return nil // want `return leaves transaction .* open`
	}
	return b.close(b.put(names[0]))
}

// Start hands the transaction to its caller (T10).
func (c Cases) Start() (*buntdb.Tx, error) { return c.db.Begin(true) }

// Panics rolls back on the way of a panic as well.
func (c Cases) Panics(name string) (err error) {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	defer func() {
		if v := recover(); v != nil {
			err = errors.Join(errBlank, tx.Rollback())
		}
	}()
	if name == "" {
		panic(errBlank)
	}
	return tx.Rollback()
}
