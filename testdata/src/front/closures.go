package front

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"txcases/store"
)

// ends are the ways to end a transaction, as functions.
type ends struct {
	Commit   func() error
	Rollback func() error
}

// endsOf returns those of a new transaction.
func (c Cases) endsOf(ctx context.Context) (*sql.Tx, ends, error) {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return nil, ends{}, err
	}
	return tx, ends{Commit: tx.Commit, Rollback: tx.Rollback}, nil
}

// Functions ends it by one of them.
func (c Cases) Functions(ctx context.Context) error {
	tx, end, err := c.endsOf(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return errors.Join(err, end.Rollback())
	}
	return end.Commit()
}

// FunctionsForgets calls neither of them.
func (c Cases) FunctionsForgets(ctx context.Context) error {
	tx, end, err := c.endsOf(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return end.Commit()
}

// OnceFunc has a function that rolls back the first time it is called.
func (c Cases) OnceFunc(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	end := sync.OnceFunc(func() { store.Rollback(tx) })
	defer end()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		end()
		return err
	}
	return tx.Commit()
}

// OnceFuncForgets has another function made and does not look at it again.
func (c Cases) OnceFuncForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	look := sync.OnceFunc(func() { _ = store.Add(ctx, tx, "look") })
	if err := store.Add(ctx, tx, "tea"); err != nil {
		look()
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// with calls f on the transaction.
func with(tx *sql.Tx, f func(*sql.Tx)) { f(tx) }

// Passed passes a finisher to a function that calls it.
func (c Cases) Passed(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer with(tx, store.Rollback)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// PassedLate does so after the first statement.
func (c Cases) PassedLate(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	with(tx, store.Rollback)
	return nil
}

// timed returns a function that writes down how long something took.
func timed(ctx context.Context, tx *sql.Tx, what string) func() {
	return func() { _ = store.Add(ctx, tx, what) }
}

// Timed rolls back as well.
func (c Cases) Timed(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.Rollback(tx)
	defer timed(ctx, tx, "timed")()
	return c.lunch()
}

// TimedForgets only takes the time.
func (c Cases) TimedForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer timed(ctx, tx, "timed")()
	if err := c.lunch(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// lunch is an error at some times.
func (c Cases) lunch() error {
	if c.p.Choose() {
		return errLunch
	}
	return nil
}

// Apart finishes in a goroutine of another package's function.
func (c Cases) Apart(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	err = store.Add(ctx, tx, "tea")
	go store.Finish(tx, err)
	return nil
}

// ApartForgets starts no goroutine during lunch.
func (c Cases) ApartForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := c.lunch(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	go store.Rollback(tx)
	return nil
}

// LastIn has a deferred function that makes an error of success before the next
// one looks.
func (c Cases) LastIn(ctx context.Context) (err error) {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.RollbackErr(tx, &err)
	defer func() {
		if err == nil {
			err = errLunch
		}
	}()
	return c.lunch()
}

// FirstIn has it made after that one has looked.
func (c Cases) FirstIn(ctx context.Context) (err error) {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err == nil {
			err = errLunch
		}
	}()
	defer store.RollbackErr(tx, &err)
	return c.lunch() // want `return leaves transaction tx open`
}

// Swallowed has the error taken away before anybody looks at it.
func (c Cases) Swallowed(ctx context.Context) (err error) {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer store.RollbackErr(tx, &err)
	defer func() {
		if errors.Is(err, errLunch) {
			err = nil
		}
	}()
	if err := c.lunch(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// SwallowedLater has it taken away when all is done.
func (c Cases) SwallowedLater(ctx context.Context) (err error) {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if errors.Is(err, errLunch) {
			err = nil
		}
	}()
	defer store.RollbackErr(tx, &err)
	if err := c.lunch(); err != nil {
		return err
	}
	return tx.Commit()
}
