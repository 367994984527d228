// Package idioms holds cases of the ways in which programs are seen to begin and
// end their transactions, each with its neighbour that forgets.
package idioms

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	life context.Context // until the program shuts down
	ends *sync.WaitGroup // what runs then
	kept *kept
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	life, shutdown := context.WithCancel(context.Background())
	c := Cases{p: p, life: life, ends: new(sync.WaitGroup), kept: &kept{byName: map[string]*sql.Tx{}}}
	p.After(func() {
		c.kept.drain()
		shutdown()
		c.ends.Wait()
	})
	return c
}

// kept are transactions that others finish.
type kept struct {
	mu     sync.Mutex
	byName map[string]*sql.Tx
	last   *sql.Tx
	work   []func()
}

func (k *kept) drain() {
	for _, tx := range k.byName {
		_ = tx.Rollback()
	}
	if k.last != nil {
		_ = k.last.Rollback()
	}
	for _, f := range k.work {
		f()
	}
}

var (
	errQuota = errors.New("over quota")
	errInput = errors.New("bad input")
)

// add writes a row.
func add(tx *sql.Tx, name string) error {
	_, err := tx.Exec("INSERT INTO names (name) VALUES (?)", name)
	return err
}

// check finds something to complain about on half of the paths.
func (c Cases) check() error {
	if c.p.Choose() {
		return errQuota
	}
	return nil
}
