// Package badgerv4 holds cases of github.com/dgraph-io/badger/v4, run on a store in
// memory. A transaction that only reads wants its Discard as well: it keeps old
// versions alive.
package badgerv4

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *badger.DB
}

var errBad = errors.New("bad key")

// Set forgets the Discard when the key is empty (T3).
func (c Cases) Set(key string) error {
	txn := c.db.NewTransaction(true)
	if err := txn.Set([]byte(key), []byte{1}); err != nil {
		return fmt.Errorf("set: %w", err) // want `return leaves transaction txn open`
	}
	return txn.Commit()
}

// SetDeferred discards in any case, as the documentation of badger says.
func (c Cases) SetDeferred(key string) error {
	txn := c.db.NewTransaction(true)
	defer txn.Discard()
	if err := txn.Set([]byte(key), []byte{1}); err != nil {
		return fmt.Errorf("set: %w", err)
	}
	return txn.Commit()
}

// Get discards nothing, for it only reads.
func (c Cases) Get(key string) ([]byte, error) {
	txn := c.db.NewTransaction(false)
	item, err := txn.Get([]byte(key))
	if err != nil {
		return nil, err // want `return leaves transaction txn open`
	}
	return item.ValueCopy(nil) // want `return leaves transaction txn open`
}

// GetDeferred discards.
func (c Cases) GetDeferred(key string) ([]byte, error) {
	txn := c.db.NewTransaction(false)
	defer txn.Discard()
	if c.p.Choose() {
		key += ".old"
	}
	item, err := txn.Get([]byte(key))
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return item.ValueCopy(nil)
}

// GetCommitted ends a reading transaction by Commit, which is as good.
func (c Cases) GetCommitted(key string) (found bool, err error) {
	txn := c.db.NewTransaction(false)
	_, err = txn.Get([]byte(key))
	found = err == nil
	return found, txn.Commit()
}

// Scan returns out of its loop, past the end.
func (c Cases) Scan(stop string) (n int, err error) {
	txn := c.db.NewTransaction(false)
	it := txn.NewIterator(badger.DefaultIteratorOptions)
	for it.Rewind(); it.Valid(); it.Next() {
		if string(it.Item().Key()) == stop {
			it.Close()
			return n, nil // want `return leaves transaction txn open`
		}
		n++
	}
	it.Close()
	txn.Discard()
	return n, nil
}

// ScanDeferred closes and discards in the right order (T6).
func (c Cases) ScanDeferred(stop string) (n int, err error) {
	txn := c.db.NewTransaction(false)
	defer txn.Discard()
	it := txn.NewIterator(badger.DefaultIteratorOptions)
	defer it.Close()
	for it.Rewind(); it.Valid(); it.Next() {
		if string(it.Item().Key()) == stop {
			return n, nil
		}
		n++
	}
	return n, nil
}

// Update leaves the end to badger (T7).
func (c Cases) Update(key string) error {
	return c.db.Update(func(txn *badger.Txn) error {
		if err := txn.Set([]byte(key), []byte{1}); err != nil {
			return err
		}
		return txn.SetEntry(badger.NewEntry([]byte(key), []byte{2}))
	})
}

// View does so for reading, and writes in a transaction of its own.
func (c Cases) View(key string) error {
	return c.db.View(func(txn *badger.Txn) error {
		if _, err := txn.Get([]byte(key)); err == nil {
			return nil
		}
		other := c.db.NewTransaction(true)
		if err := other.Set([]byte(key), []byte{1}); err != nil {
			return err // want `return leaves transaction other open`
		}
		return other.Commit() // not reached
	})
}

// Refill starts anew when a transaction is too big, as bulk loaders do.
func (c Cases) Refill(keys []string) error {
	txn := c.db.NewTransaction(true)
	for _, key := range keys {
		err := txn.Set([]byte(key), []byte{2})
		if err == nil && !c.p.Choose() {
			continue
		}
		if err := txn.Commit(); err != nil {
			return err
		}
		txn = c.db.NewTransaction(true)
	}
	return nil // want `return leaves transaction txn open: c.db.NewTransaction on line` `return leaves transaction txn open: c.db.NewTransaction on line`
}

// RefillDeferred ends whichever is the last.
func (c Cases) RefillDeferred(keys []string) error {
	txn := c.db.NewTransaction(true)
	defer func() { txn.Discard() }()
	for _, key := range keys {
		err := txn.Set([]byte(key), []byte{2})
		if err == nil && !c.p.Choose() {
			continue
		}
		if err := txn.Commit(); err != nil {
			return err
		}
		txn = c.db.NewTransaction(true)
	}
	return txn.Commit()
}

// Conflict tries again, and forgets the transaction that met another error.
func (c Cases) Conflict(key string) error {
	for range 2 {
		txn := c.db.NewTransaction(true)
		if err := txn.Set([]byte(key), []byte{3}); err != nil {
			return err // want `return leaves transaction txn open`
		}
		if err := txn.Commit(); !errors.Is(err, badger.ErrConflict) {
			return err
		}
	}
	return badger.ErrConflict
}

// begin hands a transaction to its caller (T10).
func (c Cases) begin(update bool) *badger.Txn { return c.db.NewTransaction(update) }

// Helper gets its transaction from a function (T8).
func (c Cases) Helper(key string) error {
	txn := c.begin(true)
	if key == "" {
		return errBad // want `return leaves transaction txn open`
	}
	defer txn.Discard()
	if err := txn.Set([]byte(key), []byte{1}); err != nil {
		return err // not reached
	}
	return txn.Commit()
}

// index keeps a transaction between calls.
type index struct {
	txn *badger.Txn
	n   int
}

func (c Cases) newIndex() *index { return &index{txn: c.begin(true)} }

func (x *index) add(key string) error {
	x.n++
	return x.txn.Set([]byte(key), []byte{byte(x.n)})
}

func (x *index) close(err error) error {
	if err != nil {
		x.txn.Discard()
		return err // not reached
	}
	return x.txn.Commit()
}

// Index ends its index in any case.
func (c Cases) Index(keys []string) error {
	x := c.newIndex()
	for _, key := range keys {
		if err := x.add(key); err != nil {
			return x.close(err) // not reached
		}
	}
	return x.close(nil)
}

// IndexEmpty does not when there is nothing to do.
func (c Cases) IndexEmpty(keys []string) error {
	x := c.newIndex()
	if len(keys) == 0 {
		return nil // want `return leaves transaction x open`
	}
	return x.close(x.add(keys[0]))
}

// Callback commits and tells of it later.
func (c Cases) Callback(key string) error {
	txn := c.db.NewTransaction(true)
	if err := txn.Set([]byte(key), []byte{1}); err != nil {
		txn.Discard()
		return err
	}
	done := make(chan error, 1)
	txn.CommitWith(func(err error) { done <- err })
	return nil
}
