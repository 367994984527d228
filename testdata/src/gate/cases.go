package gate

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"txcases/signs"
	"txcases/yard"
)

func add(tx *sql.Tx) error {
	_, err := tx.Exec("INSERT INTO gate VALUES (1)")
	return err
}

// Missing rolls back whatever the error is.
func (c Cases) Missing() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		return signs.Missing("gate", 1)
	}
	return tx.Commit()
}

// Problem rolls back where a client is told of one.
func (c Cases) Problem() (problem *signs.Problem) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return signs.NewProblem(503)
	}
	defer func() {
		if problem != nil {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		return signs.NewProblem(500)
	}
	if err := tx.Commit(); err != nil {
		return signs.NewProblem(409)
	}
	return nil
}

// Coded goes by the number that is returned.
func (c Cases) Coded() (code int) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 503
	}
	defer func() {
		if code/100 != 2 {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		return 500
	}
	if err := tx.Commit(); err != nil {
		return 409
	}
	return 204
}

// CodedBelow takes a number for a good one that is not.
func (c Cases) CodedBelow() (code int) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 503
	}
	defer func() {
		if code/100 == 4 {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		return 500 // want `return leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		return 409
	}
	return 204
}

// Handles leaves it to others to answer.
func (c Cases) Handles() {
	page := &signs.Page{}
	tx, err := c.p.DB.Begin()
	if signs.Handled(page, err) {
		return
	}
	if err := add(tx); signs.Handled(page, err) {
		_ = tx.Rollback()
		return
	}
	signs.Handled(page, tx.Commit())
}

// HandlesOnly does nothing more.
func (c Cases) HandlesOnly() {
	page := &signs.Page{}
	tx, err := c.p.DB.Begin()
	if signs.Handled(page, err) {
		return
	}
	if err := add(tx); signs.Handled(page, err) {
		return // want `return leaves transaction tx open`
	}
	signs.Handled(page, tx.Commit())
}

// Aborts asks the visit how it went.
func (c Cases) Aborts() {
	visit := signs.NewVisit()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	defer func() {
		if visit.IsAborted() {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		visit.Abort()
		return
	}
	_ = tx.Commit()
}

// AbortsNot does not tell it.
func (c Cases) AbortsNot() {
	visit := signs.NewVisit()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	defer func() {
		if visit.IsAborted() {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		return // want `return leaves transaction tx open`
	}
	_ = tx.Commit()
}

// Gathers goes by the errors that the visit has.
func (c Cases) Gathers() {
	visit := signs.NewVisit()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	defer func() {
		if len(visit.Errors) > 0 {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		visit.Fail(err)
		return
	}
	_ = tx.Commit()
}

// Excepted rolls back for all errors but one, which it does not return.
func (c Cases) Excepted() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && !signs.IsGone(err) {
			_ = tx.Rollback()
		}
	}()
	switch c.p.Pick(5) {
	case 0:
		return signs.ErrBusy
	case 1:
		return errFull
	case 2:
		return fmt.Errorf("gate: %w", errFull)
	case 3:
		return signs.Missing("gate", 2)
	}
	return tx.Commit()
}

// As rolls back for all errors but those of a type.
func (c Cases) As() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		var sign *signs.Sign
		if err != nil && !errors.As(err, &sign) {
			_ = tx.Rollback()
		}
	}()
	switch c.p.Pick(4) {
	case 0:
		return errFull
	case 1:
		return fmt.Errorf("gate: %w", errFull)
	case 2:
		return &signs.Sign{} // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Resulting goes by the error in what it returns.
func (c Cases) Resulting() (r signs.Result) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return signs.Failed(err)
	}
	defer func() {
		if r.Err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := add(tx); err != nil {
		return signs.Failed(err)
	}
	return signs.Failed(tx.Commit())
}

// Lists returns what went wrong, if anything did.
func (c Cases) Lists() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var wrong []error
	if err := add(tx); err != nil {
		wrong = append(wrong, err)
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	return tx.Commit()
}

// A job ends the transaction that it has.
type job struct{ tx *sql.Tx }

// Run adds, and commits or rolls back.
func (j *job) Run() error {
	if err := add(j.tx); err != nil {
		return errors.Join(err, j.tx.Rollback())
	}
	return j.tx.Commit()
}

// RunsJob has it run.
func (c Cases) RunsJob() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return yard.Run(&job{tx})
}

// Submits leaves it to a pool, which works at once.
func (c Cases) Submits() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	pool := &yard.Pool{}
	pool.Submit(&job{tx})
	return pool.Work()
}

// Hooked gives away both ends in one.
func (c Cases) Hooked() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	hooks := yard.Hooks{Commit: tx.Commit, Rollback: tx.Rollback}
	return hooks.Finish(add(tx) == nil)
}

// EachEnds ends all that there are.
func (c Cases) EachEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return yard.Each([]*sql.Tx{tx}, (*sql.Tx).Rollback)
}

// Traces rolls back inside of what is traced.
func (c Cases) Traces() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := yard.Traced("gate", func() error {
		if err := add(tx); err != nil {
			_ = tx.Rollback()
			return err
		}
		return nil
	}); err != nil {
		return err
	}
	return tx.Commit()
}

// TracesOnly does not.
func (c Cases) TracesOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := yard.Traced("gate", func() error { return add(tx) }); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Counts lends it.
func (c Cases) Counts() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := yard.Count(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TestContext is bound to the test.
func (c Cases) TestContext(t *testing.T) {
	tx, err := c.p.DB.BeginTx(t.Context(), nil)
	if err != nil {
		return
	}
	if err := add(tx); err != nil {
		return
	}
	_ = tx.Commit()
}

// TestCancels is cancelled when the test is over.
func (c Cases) TestCancels(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return
	}
	if err := add(tx); err != nil {
		return
	}
	_ = tx.Commit()
}

// TestWithout is not.
func (c Cases) TestWithout(t *testing.T) {
	tx, err := c.p.DB.BeginTx(context.WithoutCancel(t.Context()), nil)
	if err != nil {
		return
	}
	if err := add(tx); err != nil {
		return // want `return leaves transaction tx open`
	}
	_ = tx.Commit()
}

// Captures has a literal that knows what the function has tested before.
func (c Cases) Captures(ids []int) error {
	first, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_ = first.Rollback()
	work := func() error {
		tx, beginErr := c.p.DB.Begin()
		if beginErr != nil {
			return beginErr
		}
		if err != nil {
			return errFull // not reached
		}
		if c.p.Choose() {
			return errFull // want `return leaves transaction tx open`
		}
		return tx.Rollback()
	}
	for range ids {
		if err := work(); err != nil {
			return err
		}
	}
	return nil
}

// CapturesLater tells it something else in between.
func (c Cases) CapturesLater(ids []int) error {
	first, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_ = first.Rollback()
	work := func() error {
		tx, beginErr := c.p.DB.Begin()
		if beginErr != nil {
			return beginErr
		}
		if err != nil {
			return errFull // want `return leaves transaction tx open`
		}
		return tx.Rollback()
	}
	for range ids {
		if err := work(); err != nil {
			return err
		}
		err = errFull
	}
	return nil
}

// Large passes a slice with more elements than anybody looks at.
func (c Cases) Large() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	text, n := make([]byte, 1<<27), 0
	if err := json.Unmarshal(text, &n); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}
