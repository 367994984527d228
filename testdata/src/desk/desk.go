// Package desk stands between the store and those who work with it. It has no
// cases of its own.
package desk

import (
	"context"
	"database/sql"

	"txcases/store"
)

// A Desk is a place to work at.
type Desk struct {
	*store.Store
	Name string
}

// At returns a desk at the store.
func At(s *store.Store, name string) *Desk { return &Desk{Store: s, Name: name} }

// A Job is a transaction and its reason.
type Job struct {
	Tx     *sql.Tx
	Reason string
	steps  []string
}

// Open begins a job.
func (d *Desk) Open(ctx context.Context, reason string) (*Job, error) {
	tx, err := d.BeginAs(ctx, d.Name)
	if err != nil {
		return nil, err
	}
	return &Job{Tx: tx, Reason: reason}, nil
}

// OpenBoth begins two jobs. It forgets the first when there is no second.
func (d *Desk) OpenBoth(ctx context.Context) (first, second *Job, err error) {
	if first, err = d.Open(ctx, "first"); err != nil {
		return nil, nil, err
	}
	if second, err = d.Open(ctx, "second"); err != nil {
		return nil, nil, err // want `return leaves transaction .* open`
	}
	return first, second, nil
}

// OpenTwo begins two and drops the first when there is no second.
func (d *Desk) OpenTwo(ctx context.Context) (first, second *Job, err error) {
	if first, err = d.Open(ctx, "first"); err != nil {
		return nil, nil, err
	}
	if second, err = d.Open(ctx, "second"); err != nil {
		first.Drop()
		return nil, nil, err
	}
	return first, second, nil
}

// Step works on the job.
func (j *Job) Step(ctx context.Context, name string) error {
	j.steps = append(j.steps, name)
	return store.Add(ctx, j.Tx, name)
}

// Drop rolls back.
func (j *Job) Drop() { store.Rollback(j.Tx) }

// Close ends the job by its error.
func (j *Job) Close(err *error) { store.FinishErr(j.Tx, err) }

// TryStep works on the job, and drops it when that fails.
func (j *Job) TryStep(ctx context.Context, name string) error {
	if err := j.Step(ctx, name); err != nil {
		j.Drop()
		return err
	}
	return nil
}

// Drop drops jobs.
func Drop(jobs ...*Job) {
	for _, j := range jobs {
		j.Drop()
	}
}

// Unwind drops a job in steps: it calls itself until there is none left.
func Unwind(j *Job) {
	if len(j.steps) == 0 {
		j.Drop()
		return
	}
	j.steps = j.steps[1:]
	Unwind(j)
}

// Work runs work on a job.
func (d *Desk) Work(ctx context.Context, work func(*Job) error) (err error) {
	j, err := d.Open(ctx, "work")
	if err != nil {
		return err
	}
	defer j.Close(&err)
	return work(j)
}

// Rollback is the way to roll back at this desk.
var Rollback = store.Rollback
