package service

import (
	"context"
	"database/sql"
	"errors"

	"txcases/store"
)

// Pair defers the function that comes with the transaction.
func (c Cases) Pair(ctx context.Context) (err error) {
	tx, done, err := c.s.Start(ctx)
	if err != nil {
		return err
	}
	defer done(&err)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return store.Add(ctx, tx, "milk")
}

// PairTooLate defers it after a check.
func (c Cases) PairTooLate(ctx context.Context) (err error) {
	tx, done, err := c.s.Start(ctx)
	if err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer done(&err)
	return store.Add(ctx, tx, "tea")
}

// note writes into a transaction of its own, whose commit may fail after all.
func (c Cases) note(ctx context.Context) (err error) {
	tx, done, err := c.startNote(ctx)
	if err != nil {
		return nil
	}
	defer done(&err)
	_, _ = tx.ExecContext(ctx, "INSERT INTO notes (text) VALUES ('sold')")
	return nil
}

// startNote begins it, and returns what ends it.
func (c Cases) startNote(ctx context.Context) (*sql.Tx, func(*error), error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return tx, func(errp *error) {
		if *errp != nil {
			*errp = errors.Join(*errp, tx.Rollback())
			return // not reached
		}
		*errp = tx.Commit()
	}, nil
}

// PairBeside ends its own transaction where the other one fails.
func (c Cases) PairBeside(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.note(ctx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// PairBesideForgets leaves it open there.
func (c Cases) PairBesideForgets(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.note(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// PairByHand goes round the function.
func (c Cases) PairByHand(ctx context.Context) error {
	tx, _, err := c.s.Start(ctx)
	if err != nil {
		return err
	}
	return store.Finish(tx, store.Add(ctx, tx, "tea"))
}

// PairUnused keeps the function and does not call it.
func (c Cases) PairUnused(ctx context.Context) error {
	tx, done, err := c.s.Start(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	done(&err)
	return err
}

// PairPassedOn gives both to its caller.
func (c Cases) PairPassedOn(ctx context.Context) (*sql.Tx, func(*error), error) {
	tx, done, err := c.s.Start(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		done(&err)
		return nil, nil, err
	}
	return tx, done, nil
}

// PairPassedOnForgets gives nothing to it when there was an error.
func (c Cases) PairPassedOnForgets(ctx context.Context) (*sql.Tx, func(*error), error) {
	tx, done, err := c.s.Start(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return nil, nil, err // want `return leaves transaction tx open`
	}
	return tx, done, nil
}

// Three commits by one function and rolls back by another.
func (c Cases) Three(ctx context.Context) error {
	tx, commit, rollback, err := c.s.StartBoth(ctx)
	if err != nil {
		return err
	}
	defer rollback()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return commit()
}

// ThreeTooLate returns before it defers the rollback.
func (c Cases) ThreeTooLate(ctx context.Context) error {
	tx, commit, rollback, err := c.s.StartBoth(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errBusy // want `return leaves transaction tx open`
	}
	defer rollback()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return commit()
}

// ThreeByHand calls the one or the other.
func (c Cases) ThreeByHand(ctx context.Context) error {
	tx, commit, rollback, err := c.s.StartBoth(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		rollback()
		return err
	}
	return commit()
}

// ThreeByHandForgets does not call it after the second error.
func (c Cases) ThreeByHandForgets(ctx context.Context) error {
	tx, commit, rollback, err := c.s.StartBoth(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		rollback()
		return err
	}
	if err := store.Add(ctx, tx, "milk"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return commit()
}

// ThreeTick begins in each turn of a worker.
func (c Cases) ThreeTick(ctx context.Context) error {
	for range 2 {
		tx, commit, rollback, err := c.s.StartBoth(ctx)
		if err != nil {
			return err
		}
		if err := store.Add(ctx, tx, "tea"); err != nil {
			rollback()
			continue
		}
		if err := commit(); err != nil {
			return err
		}
	}
	return nil
}

// ThreeTickForgets goes on to the next turn too soon.
func (c Cases) ThreeTickForgets(ctx context.Context) error {
	for range 2 {
		tx, commit, _, err := c.s.StartBoth(ctx)
		if err != nil {
			return err
		}
		if err := store.Add(ctx, tx, "tea"); err != nil {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// Unlock sees only the function that ends the transaction.
func (c Cases) Unlock(ctx context.Context) error {
	unlock, err := c.s.Guard(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return c.check(ctx)
}

// UnlockForgets keeps the lock when the check fails.
func (c Cases) UnlockForgets(ctx context.Context) error {
	unlock, err := c.s.Guard(ctx)
	if err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves .*transaction.* open`
	}
	unlock()
	return nil
}

// UnlockMaybe has a function to call on some paths.
func (c Cases) UnlockMaybe(ctx context.Context, lock bool) (err error) {
	var unlock func()
	if lock {
		if unlock, err = c.s.Guard(ctx); err != nil {
			return err
		}
	}
	if unlock != nil {
		defer unlock()
	}
	return c.check(ctx)
}

// UnlockMaybeForgets looks at the function only after the check.
func (c Cases) UnlockMaybeForgets(ctx context.Context, lock bool) (err error) {
	var unlock func()
	if lock {
		if unlock, err = c.s.Guard(ctx); err != nil {
			return err
		}
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves .*transaction.* open`
	}
	if unlock != nil {
		unlock()
	}
	return nil
}

// A task is work under a lock.
type task struct {
	unlock func()
	errs   []error
}

// close gives the lock back.
func (t *task) close() error {
	t.unlock()
	return errors.Join(t.errs...)
}

// Task keeps the function in a struct that ends with the call.
func (c Cases) Task(ctx context.Context) (err error) {
	var t task
	if t.unlock, err = c.s.Guard(ctx); err != nil {
		return err
	}
	t.errs = append(t.errs, c.check(ctx))
	return t.close()
}

// TaskForgets returns the error it should have collected.
func (c Cases) TaskForgets(ctx context.Context) (err error) {
	var t task
	if t.unlock, err = c.s.Guard(ctx); err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves .*transaction.* open`
	}
	return t.close()
}
