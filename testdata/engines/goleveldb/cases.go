// Package goleveldb holds cases of github.com/syndtr/goleveldb, run in memory. A
// transaction that is left open stops all that write, and a Commit that fails leaves it
// open.
package goleveldb

import (
	"errors"

	"github.com/syndtr/goleveldb/leveldb"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *leveldb.DB
}

var (
	errFork = errors.New("not the best chain")
	head    = []byte("head")
)

// Append forgets the transaction of a block that is not on the chain (T3), and that of
// a Commit that failed.
func (c Cases) Append(fork bool) error {
	tr, err := c.db.OpenTransaction()
	if err != nil {
		return err
	}
	if fork {
		return errFork // want `return leaves transaction tr open`
	}
	if err := tr.Put(head, []byte("1"), nil); err != nil {
		tr.Discard()
		return err // not reached
	}
	return tr.Commit() // want `return leaves transaction tr open: .*; tr.Commit leaves it open when it fails`
}

// AppendDeferred discards it: after a Commit that worked this does nothing.
func (c Cases) AppendDeferred(fork bool) error {
	tr, err := c.db.OpenTransaction()
	if err != nil {
		return err
	}
	defer tr.Discard()
	if fork {
		return errFork
	}
	if err := tr.Put(head, []byte("1"), nil); err != nil {
		return err // not reached
	}
	return tr.Commit()
}

// AppendTwice tries a second time, and gives up by hand.
func (c Cases) AppendTwice() error {
	tr, err := c.db.OpenTransaction()
	if err != nil {
		return err
	}
	if err := tr.Put(head, []byte("1"), nil); err != nil {
		tr.Discard()
		return err // not reached
	}
	if tr.Commit() == nil {
		return nil
	}
	if err := tr.Commit(); err != nil {
		tr.Discard()
		return err
	}
	return nil
}

// AppendTwiceWrong gives up without.
func (c Cases) AppendTwiceWrong() (err error) {
	tr, err := c.db.OpenTransaction()
	if err != nil {
		return err
	}
	if err = tr.Put(head, []byte("1"), nil); err != nil {
		tr.Discard()
		return err // not reached
	}
	if err = tr.Commit(); err != nil {
		err = tr.Commit()
	}
	return err // want `return leaves transaction tr open`
}

// Missing looks for what is not there.
func (c Cases) Missing() error {
	tr, err := c.db.OpenTransaction()
	if err != nil {
		return err
	}
	if _, err := tr.Get(head, nil); err != nil {
		return err // want `return leaves transaction tr open`
	}
	tr.Discard()
	return nil // not reached
}

// MissingDiscarded does so and cleans up.
func (c Cases) MissingDiscarded() error {
	tr, err := c.db.OpenTransaction()
	if err != nil {
		return err
	}
	_, err = tr.Get(head, nil)
	if err == leveldb.ErrNotFound {
		err = nil
	}
	tr.Discard()
	return err
}

// Rewind drops block after block, and stops at the first.
func (c Cases) Rewind(blocks []string, genesis bool) error {
	for _, b := range blocks {
		tr, err := c.db.OpenTransaction()
		if err != nil {
			return err
		}
		if genesis {
			break
		}
		if err := tr.Delete([]byte(b), nil); err != nil {
			tr.Discard()
			return err // not reached
		}
		if err := tr.Commit(); err != nil {
			tr.Discard()
			return err
		}
	}
	return nil // want `return leaves transaction tr open`
}

// with runs f in a transaction and ends that in any case.
func (c Cases) with(f func(*leveldb.Transaction) error) error {
	tr, err := c.db.OpenTransaction()
	if err != nil {
		return err
	}
	if err := f(tr); err != nil {
		tr.Discard()
		return err
	}
	if err := tr.Commit(); err != nil {
		tr.Discard()
		return err
	}
	return nil
}

// With leaves the end to a helper (T8).
func (c Cases) With(fork bool) error {
	return c.with(func(tr *leveldb.Transaction) error {
		if fork {
			return errFork
		}
		return tr.Put(head, []byte("1"), nil)
	})
}

// chain has the transaction of the block that is being added.
type chain struct {
	db *leveldb.DB
	tr *leveldb.Transaction
}

func (ch *chain) begin() (err error) {
	ch.tr, err = ch.db.OpenTransaction()
	return err
}

func (ch *chain) end() {
	ch.tr.Discard()
	ch.tr = nil
}

// Chain begins and ends through an object of its own.
func (c Cases) Chain(fork bool) error {
	ch := &chain{db: c.db}
	if err := ch.begin(); err != nil {
		return err
	}
	defer ch.end()
	if fork {
		return errFork
	}
	return ch.tr.Commit()
}

// ChainWrong ends it where all went well only.
func (c Cases) ChainWrong(fork bool) error {
	ch := &chain{db: c.db}
	if err := ch.begin(); err != nil {
		return err
	}
	if fork {
		return errFork // want `return leaves transaction .* open`
	}
	ch.end()
	return nil
}

// Open hands the transaction to its caller (T10).
func (c Cases) Open() (*leveldb.Transaction, error) { return c.db.OpenTransaction() }
