package cloaked

import (
	"context"

	"txcases/cloak"
)

// A people is what the program knows of where people are kept.
type people interface {
	Add(ctx context.Context, tx any, name string) error
	AddBatch(ctx context.Context, tx any, name string) error
	Save(ctx context.Context, tx any) error
	Close() error
}

type directory struct {
	work   work
	people people
}

func (c Cases) directory() *directory {
	return &directory{work: &cloak.Work{DB: c.p.DB}, people: &cloak.People{DB: c.p.DB}}
}

func (d *directory) enter(ctx context.Context, name string) error {
	tx, err := d.work.Begin()
	if err != nil {
		return err
	}
	if err := d.people.Add(ctx, tx, name); err != nil {
		_ = d.work.Rollback(tx)
		return err
	}
	if err := d.people.Save(ctx, tx); err != nil {
		_ = d.work.Rollback(tx)
		return err
	}
	return d.work.Commit(tx)
}

func (d *directory) enterEarly(ctx context.Context, name string) error {
	tx, err := d.work.Begin()
	if err != nil {
		return err
	}
	if err := d.people.Add(ctx, tx, name); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := d.people.Save(ctx, tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return d.work.Commit(tx)
}

func (d *directory) enterBatch(ctx context.Context, name string) error {
	tx, err := d.work.Begin()
	if err != nil {
		return err
	}
	return d.people.AddBatch(ctx, tx, name)
}

// Entered is sound: those who add to the transaction keep nothing of it (T11).
func (c Cases) Entered(ctx context.Context) error { return c.directory().enter(ctx, "ada") }

// EnteredEarly forgets it where that fails.
func (c Cases) EnteredEarly(ctx context.Context) error { return c.directory().enterEarly(ctx, "ada") }

// Batched is sound: what adds to the transaction keeps it, and ends it at last.
func (c Cases) Batched(ctx context.Context) (err error) {
	d := c.directory()
	defer func() {
		if e := d.people.Close(); err == nil {
			err = e
		}
	}()
	return d.enterBatch(ctx, "ada")
}

// SavedEarly knows the types, and forgets the transaction where one fails.
func (c Cases) SavedEarly(ctx context.Context) error {
	w, p := &cloak.Work{DB: c.p.DB}, &cloak.People{DB: c.p.DB}
	tx, err := w.Begin()
	if err != nil {
		return err
	}
	if err := p.Save(ctx, tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return w.Commit(tx)
}

func recorded(ctx context.Context, w work, r cloak.Recorder) error {
	tx, err := w.Begin()
	if err != nil {
		return err
	}
	defer w.Rollback(tx)
	if err := r.Store(ctx, tx, "ada"); err != nil {
		return err
	}
	return w.Commit(tx)
}

func recordedEarly(ctx context.Context, w work, r cloak.Recorder) error {
	tx, err := w.Begin()
	if err != nil {
		return err
	}
	if err := r.Store(ctx, tx, "ada"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return w.Commit(tx)
}

// Recorded is sound: what stores is of a hidden type.
func (c Cases) Recorded(ctx context.Context) error {
	return recorded(ctx, &cloak.Work{DB: c.p.DB}, cloak.NewRecorder())
}

// RecordedEarly forgets the transaction where it fails.
func (c Cases) RecordedEarly(ctx context.Context) error {
	return recordedEarly(ctx, &cloak.Work{DB: c.p.DB}, cloak.NewRecorder())
}
