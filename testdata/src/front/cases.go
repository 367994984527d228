// Package front holds cases whose transactions are begun two packages away.
package front

import (
	"context"
	"errors"
	"time"

	"txcases/desk"
	"txcases/store"
	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p *txprobe.Probe
	d *desk.Desk
	s *store.Store
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	s := store.On(p.DB)
	return Cases{p: p, d: desk.At(s, "front"), s: s}
}

var errLunch = errors.New("the desk is closed for lunch")

// Job closes what the desk opens.
func (c Cases) Job(ctx context.Context) (err error) {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	defer j.Close(&err)
	return j.Step(ctx, "tea")
}

// JobForgets closes it when all is well.
func (c Cases) JobForgets(ctx context.Context) error {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	if err := j.Step(ctx, "tea"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	j.Close(&err)
	return err
}

// Field ends it through the exported field.
func (c Cases) Field(ctx context.Context) error {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	defer store.Rollback(j.Tx)
	if err := j.Step(ctx, "tea"); err != nil {
		return err
	}
	return j.Tx.Commit()
}

// FieldForgets lends the field and no more.
func (c Cases) FieldForgets(ctx context.Context) error {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	if err := store.Add(ctx, j.Tx, "tea"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return j.Tx.Commit()
}

// Promoted begins by a method of the store that the desk embeds.
func (c Cases) Promoted(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	return store.Finish(tx, store.Add(ctx, tx, "tea"))
}

// PromotedForgets forgets what that has begun.
func (c Cases) PromotedForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errLunch // want `return leaves transaction tx open`
	}
	return store.Finish(tx, store.Add(ctx, tx, "tea"))
}

// Both is careful; what it calls is not.
func (c Cases) Both(ctx context.Context) error {
	first, second, err := c.d.OpenBoth(ctx)
	if err != nil {
		return err
	}
	desk.Drop(first, second)
	return nil
}

// Two drops both jobs, whatever happens.
func (c Cases) Two(ctx context.Context) error {
	first, second, err := c.d.OpenTwo(ctx)
	if err != nil {
		return err
	}
	defer first.Drop()
	defer second.Drop()
	return first.Step(ctx, "tea")
}

// TwoForgets drops one of them.
func (c Cases) TwoForgets(ctx context.Context) error {
	first, second, err := c.d.OpenTwo(ctx)
	if err != nil {
		return err
	}
	defer first.Drop()
	if err := second.Step(ctx, "tea"); err != nil {
		return err // want `return leaves transaction .*second.* open`
	}
	second.Drop()
	return nil
}

// Tried returns when the job was dropped.
func (c Cases) Tried(ctx context.Context) (err error) {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	if err := j.TryStep(ctx, "tea"); err != nil {
		return err
	}
	j.Close(&err)
	return err
}

// TriedForgets takes a step for a try.
func (c Cases) TriedForgets(ctx context.Context) (err error) {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	if err := j.TryStep(ctx, "tea"); err != nil {
		return err
	}
	if err := j.Step(ctx, "milk"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	j.Close(&err)
	return err
}

// Unwound has it dropped by a function that calls itself.
func (c Cases) Unwound(ctx context.Context) error {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	defer desk.Unwind(j)
	return j.Step(ctx, "tea")
}

// Worked gives a function to the desk.
func (c Cases) Worked(ctx context.Context) error {
	return c.d.Work(ctx, func(j *desk.Job) error { return j.Step(ctx, "tea") })
}

// WorkedTwo opens a second job in there.
func (c Cases) WorkedTwo(ctx context.Context) error {
	return c.d.Work(ctx, func(j *desk.Job) error {
		second, err := c.d.Open(ctx, "second")
		if err != nil {
			return err
		}
		if err := j.Step(ctx, "tea"); err != nil {
			return err // want `return leaves transaction .* open`
		}
		return second.Tx.Commit()
	})
}

// Variable rolls back by a function in a variable of the desk.
func (c Cases) Variable(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer desk.Rollback(tx)
	return store.Add(ctx, tx, "tea")
}

// VariableLate calls it after the first statement.
func (c Cases) VariableLate(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer desk.Rollback(tx)
	return store.Add(ctx, tx, "milk")
}

// clerk ends what it takes.
type clerk struct{ done int }

// Take ends the job.
func (k *clerk) Take(ctx context.Context, j *desk.Job) (err error) {
	defer j.Close(&err)
	k.done++
	return j.Step(ctx, "tea")
}

// Given gives the job to a clerk.
func (c Cases) Given(ctx context.Context) error {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	return c.give(ctx, j, &clerk{})
}

func (c Cases) give(ctx context.Context, j *desk.Job, to *clerk) error {
	if c.p.Choose() {
		return to.Take(ctx, j)
	}
	return errors.Join(errLunch, j.Tx.Rollback())
}

// GivenMaybe gives it to one who is not always there.
func (c Cases) GivenMaybe(ctx context.Context) error {
	j, err := c.d.Open(ctx, "job")
	if err != nil {
		return err
	}
	return c.giveMaybe(ctx, j, &clerk{}) // want `return leaves transaction .* open`
}

func (c Cases) giveMaybe(ctx context.Context, j *desk.Job, to *clerk) error {
	if c.p.Choose() {
		return to.Take(ctx, j)
	}
	return errLunch
}

// Cancelled ends it with the context that it was begun with, two packages away.
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.d.BeginAs(ctx, "tea")
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// CancelledOther ends another context.
func (c Cases) CancelledOther(ctx context.Context) error {
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.d.BeginAs(ctx, "tea")
	if err != nil {
		return err
	}
	if err := store.Add(short, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open: c.d.BeginAs on line \d+, which calls s.db.BeginTx in store.go:\d+, is neither`
	}
	return tx.Commit()
}

// CancelledWithin ends the context that the transaction's own is made from.
func (c Cases) CancelledWithin(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.s.BeginWithin(ctx, time.Hour)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// CancelledWithinOther ends one that is made beside it.
func (c Cases) CancelledWithinOther(ctx context.Context) error {
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.s.BeginWithin(ctx, time.Hour)
	if err != nil {
		return err
	}
	if err := store.Add(short, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Visit closes what remembers that it is closed.
func (c Cases) Visit(ctx context.Context) error {
	v, err := c.d.VisitNow(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	if err := v.Add(ctx, "tea"); err != nil {
		return err
	}
	return errors.Join(v.Commit(), v.Commit())
}

// VisitNoted does so after code that is not in view has had it.
func (c Cases) VisitNoted(ctx context.Context) error {
	v, err := c.d.Visit(ctx, func(*store.Visit) {})
	if err != nil {
		return err
	}
	defer v.Close()
	if err := v.Add(ctx, "tea"); err != nil {
		return err
	}
	return v.Commit()
}

// VisitForgotten commits it or does nothing.
func (c Cases) VisitForgotten(ctx context.Context) error {
	v, err := c.d.VisitNow(ctx)
	if err != nil {
		return err
	}
	if err := v.Add(ctx, "tea"); err != nil {
		return err // want `return leaves transaction v open`
	}
	return v.Commit()
}

// Counted decides by what another package has written.
func (c Cases) Counted(ctx context.Context) error {
	var n store.Count
	name := ""
	if c.p.Choose() {
		name = "tea"
	}
	if err := c.d.Count(name, &n); err != nil {
		return err
	}
	if !n.Valid {
		return nil // not reached
	}
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Counting decides by what a function literal has written, which another package runs.
func (c Cases) Counting(ctx context.Context) error {
	n := 0
	name := ""
	if c.p.Choose() {
		name = "tea"
	}
	if err := store.Twice(name, func() { n++ }); err != nil {
		return err
	}
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		return store.Add(ctx, tx, "tea") // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}

// look finds one of three things.
func (c Cases) look() error {
	switch {
	case c.p.Choose():
		return store.ErrEmpty
	case c.p.Choose():
		return errLunch
	}
	return nil
}

// Known goes on after the error that comes with a transaction.
func (c Cases) Known(ctx context.Context) error {
	tx, err := c.d.BeginKnown(ctx, c.look)
	if err != nil && err != store.ErrEmpty {
		return err
	}
	defer store.Rollback(tx)
	return store.Add(ctx, tx, "tea")
}

// KnownForgets returns after any error.
func (c Cases) KnownForgets(ctx context.Context) error {
	tx, err := c.d.BeginKnown(ctx, c.look)
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer store.Rollback(tx)
	return store.Add(ctx, tx, "tea")
}

// NeverFails looks at an error that another package never returns (T8).
func (c Cases) NeverFails(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := store.Touch(ctx, tx); err != nil {
		return err // not reached
	}
	return tx.Commit()
}
