// Package service holds cases whose transactions are begun and finished by
// functions of package store.
package service

import (
	"context"
	"errors"

	"txcases/store"
	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	s    *store.Store
	pool *store.Pool
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	pool := &store.Pool{}
	p.After(pool.Drain)
	return Cases{p: p, s: store.On(p.DB), pool: pool}
}

var (
	errNoTx = errors.New("no transaction")
	errBusy = errors.New("somebody else works on it")
)

// check finds something to complain about on half of the paths.
func (c Cases) check(context.Context) error {
	if c.p.Choose() {
		return errBusy
	}
	return nil
}
