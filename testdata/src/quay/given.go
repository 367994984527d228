package quay

import (
	"context"
	"database/sql"
)

// A unit of work that is given to a callback, and has the transaction behind an interface.

// A work is done in a transaction.
type work interface {
	Put(key string) error
	Commit() error
	Rollback()
}

type beginner interface {
	BeginWork(ctx context.Context) (work, error)
}

type depot struct{ db *sql.DB }

type depotWork struct{ tx *sql.Tx }

func (d *depot) BeginWork(ctx context.Context) (work, error) {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &depotWork{tx: tx}, nil
}

func (w *depotWork) Put(key string) error {
	_, err := w.tx.Exec("UPDATE quay SET n = ?", key)
	return err
}
func (w *depotWork) Commit() error { return w.tx.Commit() }
func (w *depotWork) Rollback()     { _ = w.tx.Rollback() }

// A putter puts.
type putter interface{ Put(key string) error }

// Repos are given to callbacks.
type repos struct {
	work   work
	puts   putter
	prefix string
}

type manager struct{ db beginner }

func (m *manager) within(ctx context.Context, f func(*repos) error) error {
	w, err := m.db.BeginWork(ctx)
	if err != nil {
		return err
	}
	if err := f(&repos{work: w, puts: w}); err != nil {
		return err // want `return leaves transaction w open`
	}
	return w.Commit()
}

func (m *manager) safely(ctx context.Context, f func(*repos) error) error {
	w, err := m.db.BeginWork(ctx)
	if err != nil {
		return err
	}
	if err := f(&repos{puts: w, prefix: "safe"}); err != nil {
		w.Rollback()
		return err
	}
	return w.Commit()
}

func (m *manager) narrow(ctx context.Context, f func(putter) error) error {
	w, err := m.db.BeginWork(ctx)
	if err != nil {
		return err
	}
	if err := f(w); err != nil {
		return err // want `return leaves transaction w open`
	}
	return w.Commit()
}

// GivenRepos puts in one.
func (c Cases) GivenRepos(ctx context.Context) error {
	m := &manager{&depot{c.p.DB}}
	return m.within(ctx, func(r *repos) error { return r.work.Put("a") })
}

// GivenSafely puts in another one.
func (c Cases) GivenSafely(ctx context.Context) error {
	m := &manager{&depot{c.p.DB}}
	return m.safely(ctx, func(r *repos) error { return r.puts.Put(r.prefix) })
}

// GivenNarrow knows only how to put.
func (c Cases) GivenNarrow(ctx context.Context) error {
	m := &manager{&depot{c.p.DB}}
	return m.narrow(ctx, func(p putter) error { return p.Put("c") })
}
