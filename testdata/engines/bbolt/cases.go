// Package bbolt holds cases of go.etcd.io/bbolt, run on files: a write transaction
// that stays open blocks every other one, a read transaction the end of the store.
package bbolt

import (
	"encoding/binary"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *bbolt.DB
}

var (
	items  = []byte("items")
	audit  = []byte("audit")
	errBad = errors.New("bad item")
)

func key(id int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }

// Put forgets the rollback when the item is bad (T3).
func (c Cases) Put(name string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := tx.Bucket(items).Put([]byte(name), key(1)); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// PutDeferred rolls back in any case, as the documentation of bbolt says.
func (c Cases) PutDeferred(name string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if err := tx.Bucket(items).Put([]byte(name), key(1)); err != nil {
		return err
	}
	return tx.Commit()
}

// Get takes the end of a read transaction for superfluous.
func (c Cases) Get(id int) ([]byte, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return nil, err
	}
	value := append([]byte(nil), tx.Bucket(items).Get(key(id))...)
	return value, nil // want `return leaves transaction tx open: c.db.Begin on line \d+ is neither committed nor rolled back \(in Cases.Get\)`
}

// GetDeferred ends it.
func (c Cases) GetDeferred(id int) ([]byte, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	return append([]byte(nil), tx.Bucket(items).Get(key(id))...), nil
}

// CommitRead commits a read transaction, which is an error and ends nothing.
func (c Cases) CommitRead() (n int, err error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return 0, err
	}
	n = tx.Bucket(items).Stats().KeyN
	return n, tx.Commit() // want `return leaves transaction tx open`
}

// CommitEither begins either kind and ends it in the way of that kind.
func (c Cases) CommitEither(write bool) error {
	tx, err := c.db.Begin(write)
	if err != nil {
		return err
	}
	if !write {
		return tx.Rollback()
	}
	if _, err := tx.CreateBucketIfNotExists(audit); err != nil {
		_ = tx.Rollback()
		return err // not reached
	}
	return tx.Commit()
}

// CommitBoth commits either kind.
func (c Cases) CommitBoth(write bool) error {
	tx, err := c.db.Begin(write)
	if err != nil {
		return err
	}
	return tx.Commit() // want `return leaves transaction tx open`
}

// Update leaves the end to bbolt (T7).
func (c Cases) Update(name string) error {
	return c.db.Update(func(tx *bbolt.Tx) error {
		if name == "" {
			return errBad
		}
		return tx.Bucket(items).Put([]byte(name), key(1))
	})
}

// View does so for reading.
func (c Cases) View(id int) (value []byte, err error) {
	err = c.db.View(func(tx *bbolt.Tx) error {
		value = append(value, tx.Bucket(items).Get(key(id))...)
		return nil
	})
	return value, err
}

// Batch shares one transaction with others.
func (c Cases) Batch(name string) error {
	return c.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(items)
		if b.Get([]byte(name)) != nil {
			return errBad // not reached
		}
		return b.Tx().Bucket(items).Put([]byte(name), key(2))
	})
}

// Missing finds no bucket and goes.
func (c Cases) Missing(names []string) (int, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, name := range names {
		b := tx.Bucket([]byte(name))
		if b == nil {
			return 0, errBad // want `return leaves transaction tx open`
		}
		n += b.Stats().KeyN // names holds none that exists
	}
	return n, tx.Rollback()
}

// Shadowed looks at an err that is not the one of the failing Put.
func (c Cases) Shadowed(names []string) (err error) {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	for _, name := range names {
		if err := tx.Bucket(items).Put([]byte(name), nil); err != nil {
			return errBad // not reached
		}
	}
	if _, err := tx.CreateBucket(items); err != nil {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}

// Chunks begins anew every few items, and loses the last one.
func (c Cases) Chunks(names []string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := tx.Bucket(items).Put([]byte(name), key(3)); err != nil {
			_ = tx.Rollback()
			return err // not reached
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		if tx, err = c.db.Begin(true); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open: c.db.Begin on line` `return leaves transaction tx open: c.db.Begin on line`
}

// ChunksDeferred ends whichever is the last.
func (c Cases) ChunksDeferred(names []string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	defer func() {
		if tx != nil {
			_ = tx.Rollback()
		}
	}()
	for _, name := range names {
		if err := tx.Bucket(items).Put([]byte(name), key(3)); err != nil {
			return err // not reached
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		if tx, err = c.db.Begin(true); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// store wraps the database of a service.
type store struct{ db *bbolt.DB }

// session is a transaction with the bucket that it is for.
type session struct {
	tx     *bbolt.Tx
	bucket *bbolt.Bucket
}

func (s store) open(name []byte) (*session, error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return nil, err
	}
	b := tx.Bucket(name)
	if b == nil {
		_ = tx.Rollback()
		return nil, errBad
	}
	return &session{tx, b}, nil
}

func (s *session) put(name string) error { return s.bucket.Put([]byte(name), nil) }

func (s *session) done(err *error) {
	if *err != nil {
		_ = s.tx.Rollback()
		return
	}
	*err = s.tx.Commit()
}

// Session forgets a session that it has opened (T8).
func (c Cases) Session(name string) error {
	s, err := store{c.db}.open(items)
	if err != nil {
		return err
	}
	if err := s.put(name); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.tx.Commit()
}

// SessionDone ends it by the error.
func (c Cases) SessionDone(name string) (err error) {
	bucket := items
	if name == "a" {
		bucket = audit
	}
	s, err := store{c.db}.open(bucket)
	if err != nil {
		return err
	}
	defer s.done(&err)
	return s.put(name)
}

// Bucket commits through the bucket.
func (c Cases) Bucket(name string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	b := tx.Bucket(items)
	if err := b.Put([]byte(name), nil); err != nil {
		_ = b.Tx().Rollback()
		return err
	}
	return b.Tx().Commit()
}

// BucketWalked goes back to its transaction through a bucket that it was shown.
func (c Cases) BucketWalked() error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	var last *bbolt.Bucket
	err = tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
		last = b
		return nil
	})
	if err != nil {
		_ = tx.Rollback()
		return err // not reached
	}
	if c.p.Choose() {
		return last.Tx().Rollback()
	}
	return nil // want `return leaves transaction tx open`
}

// BucketShown only looks at it, and forgets it.
func (c Cases) BucketShown() (size int64, err error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return 0, err
	}
	err = tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
		size = b.Tx().Size()
		return nil
	})
	return size, err // limit L20 misses `return leaves transaction tx open`
}

// Snapshot hands a read transaction to its caller, with the function that ends it.
func (c Cases) Snapshot() (*bbolt.Bucket, func() error, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return nil, nil, err
	}
	return tx.Bucket(items), tx.Rollback, nil
}

// ByKind ends each kind in its own way.
func (c Cases) ByKind(write bool) error {
	tx, err := c.db.Begin(write)
	if err != nil {
		return err
	}
	if tx.Writable() {
		return tx.Commit()
	}
	return tx.Rollback()
}

// ByKindForgets ends one kind only.
func (c Cases) ByKindForgets(write bool) error {
	tx, err := c.db.Begin(write)
	if err != nil {
		return err
	}
	if tx.Writable() {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}
