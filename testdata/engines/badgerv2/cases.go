// Package badgerv2 holds cases of github.com/dgraph-io/badger/v2, run on a store in
// memory.
package badgerv2

import (
	"errors"

	"github.com/dgraph-io/badger/v2"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *badger.DB
}

var errStop = errors.New("stop")

// Swap returns between its two writes (T3).
func (c Cases) Swap(a, b string) error {
	txn := c.db.NewTransaction(true)
	if err := txn.Set([]byte(a), []byte(b)); err != nil {
		txn.Discard()
		return err
	}
	if err := txn.Set([]byte(b), []byte(a)); err != nil {
		return err // want `return leaves transaction txn open`
	}
	return txn.Commit()
}

// SwapDeferred discards on every way out (T6).
func (c Cases) SwapDeferred(a, b string) error {
	txn := c.db.NewTransaction(true)
	defer txn.Discard()
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		if err := txn.Set([]byte(pair[0]), []byte(pair[1])); err != nil {
			return err
		}
	}
	return txn.Commit()
}

// Lookup discards in each branch.
func (c Cases) Lookup(key string) (size int64) {
	txn := c.db.NewTransaction(false)
	item, err := txn.Get([]byte(key))
	switch {
	case err != nil:
		txn.Discard()
		return 0
	case c.p.Choose():
		txn.Discard()
		return -1
	}
	size = item.ValueSize()
	txn.Discard()
	return size
}

// LookupTwice forgets one branch.
func (c Cases) LookupTwice(key string) bool {
	txn := c.db.NewTransaction(false)
	_, err := txn.Get([]byte(key))
	if errors.Is(err, badger.ErrEmptyKey) {
		return false // want `return leaves transaction txn open`
	}
	txn.Discard()
	return err == nil
}

// Batch writes many keys without a transaction of its own, and cancels it.
func (c Cases) Batch(keys []string) error {
	batch := c.db.NewWriteBatch()
	defer batch.Cancel()
	for _, key := range keys {
		if err := batch.Set([]byte(key), []byte{1}); err != nil {
			return err // not reached
		}
	}
	return batch.Flush()
}

// View reads, and writes what is missing in a transaction that it forgets.
func (c Cases) View(key string) error {
	return c.db.View(func(txn *badger.Txn) error {
		if _, err := txn.Get([]byte(key)); err == nil {
			return nil
		}
		fill := c.db.NewTransaction(true)
		if c.p.Choose() {
			return errStop // want `return leaves transaction fill open`
		}
		fill.Discard()
		return nil
	})
}

// Update leaves the end to badger (T7).
func (c Cases) Update(stop bool) error {
	return c.db.Update(func(txn *badger.Txn) error {
		if stop {
			return errStop
		}
		return txn.Set([]byte("stopped"), nil)
	})
}

// Keys counts until it is told to stop, in the middle of it.
func (c Cases) Keys() (n int) {
	txn := c.db.NewTransaction(false)
	it := txn.NewKeyIterator([]byte("hot"), badger.DefaultIteratorOptions)
	defer it.Close()
	for it.Rewind(); it.Valid(); it.Next() {
		if c.p.Choose() {
			return n // want `return leaves transaction txn open`
		}
		n++
	}
	defer txn.Discard()
	return n
}

// snapshot is what the caller reads from.
type snapshot struct{ txn *badger.Txn }

func (s snapshot) Close() { s.txn.Discard() }

// Snapshot hands its transaction to the caller (T10).
func (c Cases) Snapshot() *badger.Txn { return snapshot{c.db.NewTransaction(false)}.txn }

// Use closes a snapshot.
func (c Cases) Use(key string) error {
	s := snapshot{c.Snapshot()}
	defer s.Close()
	_, err := s.txn.Get([]byte(key))
	return err
}
