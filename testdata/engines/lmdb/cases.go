// Package lmdb holds cases of github.com/PowerDNS/lmdb-go, run on files. A write
// transaction that is left open stops all others for ever, a read transaction keeps
// pages and its place in the table of readers.
package lmdb

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/PowerDNS/lmdb-go/lmdb"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p   *txprobe.Probe
	env *lmdb.Env
	db  lmdb.DBI
}

var errZone = errors.New("no such zone")

// Put forgets the Abort of a zone without a name (T3).
func (c Cases) Put(zone string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	txn, err := c.env.BeginTxn(nil, 0)
	if err != nil {
		return err
	}
	if zone == "" {
		return errZone // want `return leaves transaction txn open`
	}
	if err := txn.Put(c.db, []byte(zone), []byte("SOA"), 0); err != nil {
		txn.Abort()
		return err // not reached
	}
	return txn.Commit()
}

// PutDeferred aborts in any case: after a Commit that does nothing.
func (c Cases) PutDeferred(zone string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	txn, err := c.env.BeginTxn(nil, 0)
	if err != nil {
		return err
	}
	defer txn.Abort()
	if err := txn.Put(c.db, []byte(zone), []byte("SOA"), 0); err != nil {
		return err
	}
	return txn.Commit()
}

// Get forgets the reader where there is nothing to read.
func (c Cases) Get(zone string) ([]byte, error) {
	txn, err := c.env.BeginTxn(nil, lmdb.Readonly)
	if err != nil {
		return nil, err
	}
	v, err := txn.Get(c.db, []byte("z"+zone))
	if lmdb.IsNotFound(err) {
		return nil, fmt.Errorf("%w: %s", errZone, zone) // want `return leaves transaction txn open`
	}
	txn.Abort()
	return v, err // not reached
}

// GetAborted ends it before it looks at the error.
func (c Cases) GetAborted(zone string) ([]byte, error) {
	txn, err := c.env.BeginTxn(nil, lmdb.Readonly)
	if err != nil {
		return nil, err
	}
	txn.RawRead = true
	v, err := txn.Get(c.db, []byte("z"+zone))
	txn.Abort()
	if err != nil {
		return nil, errZone
	}
	return v, nil // not reached
}

// Scan goes through a cursor, by which the transaction is ended.
func (c Cases) Scan() (n int, err error) {
	txn, err := c.env.BeginTxn(nil, lmdb.Readonly)
	if err != nil {
		return 0, err
	}
	cur, err := txn.OpenCursor(c.db)
	if err != nil {
		txn.Abort()
		return 0, err // not reached
	}
	defer cur.Txn().Abort()
	defer cur.Close()
	for {
		_, _, err := cur.Get(nil, nil, lmdb.Next)
		if lmdb.IsNotFound(err) {
			return n, nil
		}
		if err != nil {
			return n, err // not reached
		}
		n++
	}
}

// ScanClosed closes the cursor alone.
func (c Cases) ScanClosed() error {
	txn, err := c.env.BeginTxn(nil, lmdb.Readonly)
	if err != nil {
		return err
	}
	cur, err := txn.OpenCursor(c.db)
	if err != nil {
		txn.Abort()
		return err // not reached
	}
	defer cur.Close()
	_, _, err = cur.Get(nil, nil, lmdb.First)
	return err // want `return leaves transaction txn open`
}

// Renewed has one transaction for two looks.
func (c Cases) Renewed(zone string) error {
	txn, err := c.env.BeginTxn(nil, lmdb.Readonly)
	if err != nil {
		return err
	}
	defer txn.Abort()
	if _, err := txn.Get(c.db, []byte("z"+zone)); !lmdb.IsNotFound(err) {
		return err // not reached
	}
	txn.Reset()
	if err := txn.Renew(); err != nil {
		return err // not reached
	}
	_, err = txn.Get(c.db, []byte("y"+zone))
	return err
}

// Watch looks again and again, each time with a reader of its own.
func (c Cases) Watch(zones []string, quiet bool) (n int) {
	for _, zone := range zones {
		txn, err := c.env.BeginTxn(nil, lmdb.Readonly)
		if err != nil {
			return n
		}
		if quiet {
			continue // want `next iteration leaves transaction txn open`
		}
		if _, err := txn.Get(c.db, []byte("z"+zone)); err == nil {
			n++
		}
		txn.Abort()
	}
	return n // want `return leaves transaction txn open`
}

// Managed leaves the end to the library (T7).
func (c Cases) Managed(zone string) error {
	return c.env.Update(func(txn *lmdb.Txn) error {
		return txn.Put(c.db, []byte(zone), []byte("SOA"), 0)
	})
}

// Op runs a callback that decides on the end.
func (c Cases) Op(zone string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	txn, err := c.env.BeginTxn(nil, 0)
	if err != nil {
		return err
	}
	return txn.RunOp(func(txn *lmdb.Txn) error {
		return txn.Put(c.db, []byte(zone), []byte("SOA"), 0)
	}, true)
}

// View hands a reader to its caller (T10).
func (c Cases) View() (*lmdb.Txn, error) {
	txn, err := c.env.BeginTxn(nil, lmdb.Readonly)
	if err != nil {
		return nil, fmt.Errorf("view: %w", err)
	}
	return txn, nil
}
