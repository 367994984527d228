// Package badgerv3 holds cases of github.com/dgraph-io/badger/v3, run on a store in
// memory.
package badgerv3

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v3"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *badger.DB
}

var errLarge = errors.New("value is too large")

// counter is a service with a store.
type counter struct {
	db   *badger.DB
	name []byte
}

func (c Cases) counter() *counter { return &counter{c.db, []byte("counter")} }

// add forgets the Discard after an error that is not that the key is missing.
func (n *counter) add(d int) error {
	txn := n.db.NewTransaction(true)
	total := d
	item, err := txn.Get(n.name)
	switch {
	case err == nil:
		if err := item.Value(func(v []byte) error { total += int(v[0]); return nil }); err != nil {
			txn.Discard()
			return err // not reached
		}
	case !errors.Is(err, badger.ErrKeyNotFound):
		txn.Discard()
		return err // not reached
	}
	if total > 1 {
		return errLarge // want `return leaves transaction txn open`
	}
	if err := txn.Set(n.name, []byte{byte(total)}); err != nil {
		txn.Discard()
		return err // not reached
	}
	return txn.Commit()
}

// Add calls it with a number (T3).
func (c Cases) Add(d int) error {
	return c.counter().add(d)
}

// Reset has a deferred Discard.
func (c Cases) Reset() error {
	n := c.counter()
	txn := n.db.NewTransaction(true)
	defer txn.Discard()
	if err := txn.Delete(n.name); err != nil {
		return fmt.Errorf("reset: %w", err) // not reached
	}
	return txn.Commit()
}

// Guarded discards unless it has committed (T2).
func (c Cases) Guarded(key string) error {
	txn := c.db.NewTransaction(true)
	committed := false
	defer func() {
		if !committed {
			txn.Discard()
		}
	}()
	if err := txn.Set([]byte(key), nil); err != nil {
		return err
	}
	committed = true
	return txn.Commit()
}

// GuardedEarly says that it has before it does.
func (c Cases) GuardedEarly(key string) error {
	txn := c.db.NewTransaction(true)
	committed := false
	defer func() {
		if !committed {
			txn.Discard()
		}
	}()
	committed = true
	if err := txn.Set([]byte(key), nil); err != nil {
		return err // want `return leaves transaction txn open`
	}
	return txn.Commit()
}

// Each has one transaction per key, and goes on after a bad one.
func (c Cases) Each(keys []string) (failed int) {
	for _, key := range keys {
		txn := c.db.NewTransaction(true)
		if err := txn.Set([]byte(key+"?"), nil); err != nil || c.p.Choose() {
			failed++
			continue // want `next iteration leaves transaction txn open`
		}
		if err := txn.Commit(); err != nil {
			failed++
		}
	}
	return failed // want `return leaves transaction txn open`
}

// EachDone has a function for each.
func (c Cases) EachDone(keys []string) (failed int) {
	set := func(key string) error {
		txn := c.db.NewTransaction(true)
		defer txn.Discard()
		if err := txn.Set([]byte(key), nil); err != nil {
			return err // not reached
		}
		return txn.Commit()
	}
	for _, key := range keys {
		if err := set(key); err != nil {
			failed++
		}
	}
	return failed
}

// Async commits on a thread of badger's, which then tells of it.
func (c Cases) Async(key string) error {
	txn := c.db.NewTransaction(true)
	if err := txn.Set([]byte(key), nil); err != nil {
		return err // want `return leaves transaction txn open`
	}
	done := make(chan error, 1)
	txn.CommitWith(func(err error) { done <- err })
	return nil
}

// Update leaves the end to badger (T7).
func (c Cases) Update(key string) error {
	return c.db.Update(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: []byte(key)})
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			if it.Item().IsDeletedOrExpired() {
				return errLarge // not reached
			}
		}
		return nil
	})
}
