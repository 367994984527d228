// Package bolt holds cases of github.com/boltdb/bolt, the ancestor of bbolt, run on
// files.
package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/boltdb/bolt"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *bolt.DB
}

var (
	queue    = []byte("queue")
	errEmpty = errors.New("empty queue")
)

// Pop leaves the store locked when there is nothing to pop (T3).
func (c Cases) Pop() ([]byte, error) {
	tx, err := c.db.Begin(true)
	if err != nil {
		return nil, err
	}
	b := tx.Bucket(queue)
	first, _ := b.Cursor().First()
	if first == nil {
		return nil, errEmpty // want `return leaves transaction tx open`
	}
	if err := b.Delete(first); err != nil {
		tx.Rollback()
		return nil, err // not reached
	}
	return first, tx.Commit() // not reached
}

// Push ends whatever it has begun (T6).
func (c Cases) Push(job string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	defer func() {
		if err := tx.Rollback(); err != nil && !errors.Is(err, bolt.ErrTxClosed) {
			fmt.Println("rollback:", err)
		}
	}()
	b := tx.Bucket(queue)
	id, err := b.NextSequence()
	if err != nil {
		return err // not reached
	}
	if err := b.Put([]byte(job), []byte{byte(id)}); err != nil {
		return fmt.Errorf("push %q: %w", job, err)
	}
	return tx.Commit()
}

// Length reads, and believes that reading needs no end.
func (c Cases) Length() int {
	tx, err := c.db.Begin(false)
	if err != nil {
		return 0
	}
	return tx.Bucket(queue).Stats().KeyN // want `return leaves transaction tx open`
}

// Has reads and ends.
func (c Cases) Has(job string) (bool, error) {
	tx, err := c.db.Begin(false)
	if err != nil {
		return false, err
	}
	found := tx.Bucket(queue).Get([]byte(job)) != nil
	return found, tx.Rollback()
}

// Drain walks in a callback, whose transaction the store ends (T7).
func (c Cases) Drain(prefix string) error {
	return c.db.Batch(func(tx *bolt.Tx) error {
		cursor := tx.Bucket(queue).Cursor()
		for k, _ := cursor.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, _ = cursor.Next() {
			if err := cursor.Delete(); err != nil {
				return err // not reached
			}
		}
		return nil
	})
}

// Move opens the other transaction inside the callback of the first.
func (c Cases) Move() error {
	return c.db.View(func(tx *bolt.Tx) error {
		other, err := c.db.Begin(false)
		if err != nil {
			return err
		}
		if c.p.Choose() {
			return errEmpty // want `return leaves transaction other open`
		}
		return other.Rollback()
	})
}

// OnCommit tells of a success, and forgets the failure before it.
func (c Cases) OnCommit(job string) error {
	tx, err := c.db.Begin(true)
	if err != nil {
		return err
	}
	tx.OnCommit(func() { fmt.Print() })
	b, err := tx.CreateBucketIfNotExists([]byte(job))
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := b.Put(queue, queue); err != nil {
		_ = tx.Rollback()
		return err // not reached
	}
	return tx.Commit()
}

// writer is a transaction that its user ends by Close.
type writer struct {
	tx     *bolt.Tx
	failed bool
}

func (c Cases) writer() (*writer, error) {
	tx, err := c.db.Begin(true)
	if err != nil {
		return nil, err
	}
	return &writer{tx: tx}, nil
}

func (w *writer) put(job string) {
	if err := w.tx.Bucket(queue).Put([]byte(strings.TrimSuffix(job, "b")), nil); err != nil {
		w.failed = true
	}
}

func (w *writer) Close() error {
	if w.failed {
		return w.tx.Rollback()
	}
	return w.tx.Commit()
}

// Write closes its writer.
func (c Cases) Write(jobs []string) error {
	w, err := c.writer()
	if err != nil {
		return err
	}
	for _, job := range jobs {
		w.put(job)
	}
	return w.Close()
}

// WriteSome does not when there is nothing to write (T8).
func (c Cases) WriteSome(jobs []string) error {
	w, err := c.writer()
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		return nil // want `return leaves transaction w open`
	}
	w.put(jobs[0])
	return w.Close()
}
