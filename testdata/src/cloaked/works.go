package cloaked

import (
	"context"

	"txcases/cloak"
)

// A work is what the program knows of who begins; one type that it imports is such a one.
type work interface {
	Begin() (any, error)
	Commit(tx any) error
	Rollback(tx any) error
}

type service struct{ work work }

func (c Cases) service() *service { return &service{&cloak.Work{DB: c.p.DB}} }

func (s *service) run(stops bool) error {
	tx, err := s.work.Begin()
	if err != nil {
		return err
	}
	defer s.work.Rollback(tx)
	if stops {
		return errStopped
	}
	return s.work.Commit(tx)
}

func (s *service) runEarly(stops bool) error {
	tx, err := s.work.Begin()
	if err != nil {
		return err
	}
	if stops {
		return errStopped // want `return leaves transaction tx open`
	}
	return s.work.Commit(tx)
}

// Works is sound: the interface stands for the one type in view (T13).
func (c Cases) Works() error { return c.service().run(c.p.Choose()) }

// WorksEarly forgets the transaction when it stops.
func (c Cases) WorksEarly() error { return c.service().runEarly(c.p.Choose()) }

// A journal may be one of two types.
type journal interface {
	Enter(ctx context.Context) (any, error)
	Commit(tx any) error
	Rollback(tx any) error
}

func (c Cases) journal() journal {
	if c.p.Choose() {
		return &cloak.Ledger{}
	}
	return &cloak.Journal{DB: c.p.DB}
}

// Journals is sound, whichever it is.
func (c Cases) Journals(ctx context.Context) error {
	j := c.journal()
	tx, err := j.Enter(ctx)
	if err != nil {
		return err
	}
	defer j.Rollback(tx)
	if c.p.Choose() {
		return errStopped
	}
	return j.Commit(tx)
}
