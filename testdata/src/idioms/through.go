package idioms

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"
)

// LocalFinisher has a function of its own for errors.
func (c Cases) LocalFinisher() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	onError := func(err error) error {
		return errors.Join(err, tx.Rollback())
	}
	if err := add(tx, "one"); err != nil {
		return onError(err)
	}
	if err := add(tx, "two"); err != nil {
		return onError(err)
	}
	return tx.Commit()
}

// LocalFinisherOnce does not use it where it was added later.
func (c Cases) LocalFinisherOnce() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	onError := func(err error) error {
		return errors.Join(err, tx.Rollback())
	}
	if err := add(tx, "one"); err != nil {
		return onError(err)
	}
	if err := c.check(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// quietly calls f and keeps what it says.
func (k *kept) quietly(what string, f func() error) {
	if err := f(); err != nil && what == "" {
		k.last = nil
	}
}

// forget is like quietly, and does not call f.
func (k *kept) forget(what string, f func() error) {
	if f == nil {
		panic(what)
	}
}

// MethodValue hands the method on.
func (c Cases) MethodValue() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer c.kept.quietly("rollback", tx.Rollback)
	if err := add(tx, "one"); err != nil {
		return err
	}
	return tx.Commit()
}

// MethodValueForgotten hands it on too late.
func (c Cases) MethodValueForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer c.kept.quietly("rollback", tx.Rollback)
	return tx.Commit()
}

// Cleanup has a function to clean up with, when there is something to clean up.
func (c Cases) Cleanup(own bool) error {
	var tx *sql.Tx
	var cleanup func()
	if own {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
		cleanup = func() { _ = tx.Rollback() }
	}
	if cleanup != nil {
		defer cleanup()
	}
	if err := c.check(); err != nil {
		return err
	}
	if tx != nil {
		return tx.Commit()
	}
	return nil
}

// CleanupLate checks before it looks.
func (c Cases) CleanupLate(own bool) error {
	var tx *sql.Tx
	var cleanup func()
	if own {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
		cleanup = func() { _ = tx.Rollback() }
	}
	if err := c.check(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if cleanup != nil {
		cleanup()
	}
	return nil
}

// Queries is what a generator makes of a file of queries.
type Queries struct{ db execer }

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// WithTx returns the queries on a transaction.
func (q *Queries) WithTx(tx *sql.Tx) *Queries { return &Queries{db: tx} }

// AddName is one of them.
func (q *Queries) AddName(ctx context.Context, name string) error {
	_, err := q.db.ExecContext(ctx, "INSERT INTO names (name) VALUES (?)", name)
	return err
}

// Generated rolls back itself.
func (c Cases) Generated(ctx context.Context) error {
	queries := &Queries{db: c.p.DB}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	q := queries.WithTx(tx)
	if err := q.AddName(ctx, "one"); err != nil {
		return err
	}
	return tx.Commit()
}

// GeneratedOnly trusts the generator.
func (c Cases) GeneratedOnly(ctx context.Context) error {
	queries := &Queries{db: c.p.DB}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	q := queries.WithTx(tx)
	if err := q.AddName(ctx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Asserted has helpers that panic in place of errors.
func (c Cases) Asserted(name string) bool {
	tx, err := c.p.DB.Begin()
	must(err)
	must(add(tx, name))
	if name == "" {
		must(tx.Rollback())
		return false
	}
	must(tx.Commit())
	return true
}

// AssertedOnly returns where nothing panics.
func (c Cases) AssertedOnly(name string) bool {
	tx, err := c.p.DB.Begin()
	must(err)
	must(add(tx, name))
	if name == "" {
		return false // want `return leaves transaction tx open`
	}
	must(tx.Commit())
	return true
}

// Grouped works in a group, which is done before the end.
func (c Cases) Grouped() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var g errgroup.Group
	g.Go(func() error { return add(tx, "one") })
	if err := g.Wait(); err != nil {
		return err
	}
	return tx.Commit()
}

// GroupedOnly lends it to the group and ends it nowhere.
func (c Cases) GroupedOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.Go(func() error { return add(tx, "one") })
	if err := g.Wait(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// GroupedEnd has the group end it.
func (c Cases) GroupedEnd() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.Go(func() error {
		if err := add(tx, "one"); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	})
	return g.Wait()
}

// Once ends it once, whoever comes first.
func (c Cases) Once() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var once sync.Once
	end := func() { once.Do(func() { _ = tx.Rollback() }) }
	defer end()
	if err := add(tx, "one"); err != nil {
		end()
		return err
	}
	return tx.Commit()
}

// OnceOnly begins once, and forgets.
func (c Cases) OnceOnly() (err error) {
	var once sync.Once
	var tx *sql.Tx
	once.Do(func() { tx, err = c.p.DB.Begin() })
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// AtShutdown has it ended when the program ends.
func (c Cases) AtShutdown() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	c.ends.Add(1)
	context.AfterFunc(c.life, func() {
		defer c.ends.Done()
		_ = tx.Rollback()
	})
	return add(tx, "one")
}

// AtShutdownOther has something else done then.
func (c Cases) AtShutdownOther() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	c.ends.Add(1)
	context.AfterFunc(c.life, func() { c.ends.Done() })
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// later keeps work for somebody else.
func (k *kept) later(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.work = append(k.work, f)
}

// Later has it ended by somebody else.
func (c Cases) Later() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	c.kept.later(func() { _ = tx.Commit() })
	return nil
}

// LaterMaybe does so when there is something to do.
func (c Cases) LaterMaybe(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if name == "" {
		return errInput // want `return leaves transaction tx open`
	}
	c.kept.later(func() { _ = tx.Commit() })
	return nil
}
