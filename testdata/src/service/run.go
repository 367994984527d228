package service

import (
	"context"
	"database/sql"
	"errors"

	"txcases/store"
)

// With gives a function to one that ends the transaction.
func (c Cases) With(ctx context.Context) error {
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return err
		}
		return store.Add(ctx, tx, "milk")
	})
}

// WithMethod gives it a method.
func (c Cases) WithMethod(ctx context.Context) error {
	return c.s.WithTx(ctx, c.sell)
}

// sell takes part in the transaction of its caller.
func (c Cases) sell(ctx context.Context, tx *sql.Tx) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	return store.Add(ctx, tx, "tea")
}

// WithCommit ends the transaction in the function, too.
func (c Cases) WithCommit(ctx context.Context) error {
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// WithSecond begins another transaction inside the function, and forgets that.
func (c Cases) WithSecond(ctx context.Context) error {
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		log, err := c.s.Begin(ctx)
		if err != nil {
			return err
		}
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return err // want `return leaves transaction log open`
		}
		return log.Commit()
	})
}

// WithSecondEnds ends that as well.
func (c Cases) WithSecondEnds(ctx context.Context) error {
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		log, err := c.s.Begin(ctx)
		if err != nil {
			return err
		}
		defer store.Rollback(log)
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return err
		}
		return log.Commit()
	})
}

// Attempt is careful; what it calls is not.
func (c Cases) Attempt(ctx context.Context) error {
	return c.s.Attempt(ctx, func(tx *sql.Tx) error {
		return store.Add(ctx, tx, "tea")
	})
}

// AttemptEnds ends the transaction itself when it fails.
func (c Cases) AttemptEnds(ctx context.Context) error {
	return c.s.Attempt(ctx, func(tx *sql.Tx) error {
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return nil
	})
}

// retry runs work in transactions until it does well, twice at most.
func (c Cases) retry(work func(tx *sql.Tx) error) (err error) {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err = work(tx); err == nil {
			return tx.Commit()
		}
		_ = tx.Rollback()
	}
	return errBusy
}

// Retry tries twice.
func (c Cases) Retry(ctx context.Context) error {
	return c.retry(func(tx *sql.Tx) error { return c.check(ctx) })
}

// retryForgets does not end a try that has failed.
func (c Cases) retryForgets(work func(tx *sql.Tx) error) (err error) {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err = work(tx); err == nil {
			return tx.Commit()
		}
	} // want `next iteration leaves transaction tx open`
	return errBusy // want `return leaves transaction tx open`
}

// RetryForgets leaves it to that one.
func (c Cases) RetryForgets(ctx context.Context) error {
	return c.retryForgets(func(tx *sql.Tx) error { return c.check(ctx) })
}

// Inside begins in a function that another one calls, and ends it after that.
func (c Cases) Inside(ctx context.Context) error {
	var tx *sql.Tx
	err := c.s.Locked(func() (err error) {
		tx, err = c.s.Begin(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return store.Finish(tx, store.Add(ctx, tx, "tea"))
}

// InsideForgets forgets it when the first statement fails.
func (c Cases) InsideForgets(ctx context.Context) error {
	var tx *sql.Tx
	err := c.s.Locked(func() (err error) {
		tx, err = c.s.Begin(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// EndInside ends it in a function that another one calls.
func (c Cases) EndInside(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	err = store.Add(ctx, tx, "tea")
	return c.s.Locked(func() error { return store.Finish(tx, err) })
}

// Value asks a generic function for a value.
func (c Cases) Value(ctx context.Context) (int, error) {
	return store.Value[int](ctx, c.s, "SELECT n FROM items")
}

// InTx runs work in one.
func (c Cases) InTx(ctx context.Context) (string, error) {
	return store.InTx(ctx, c.s, func(tx *sql.Tx) (string, error) {
		return "tea", store.Add(ctx, tx, "tea")
	})
}

// InTxTwo begins a second transaction in there.
func (c Cases) InTxTwo(ctx context.Context) (int, error) {
	return store.InTx(ctx, c.s, func(tx *sql.Tx) (int, error) {
		second, err := c.begin(ctx)
		if err != nil {
			return 0, err
		}
		if err := store.Add(ctx, second, "tea"); err != nil {
			return 1, err // want `return leaves transaction second open`
		}
		return 2, second.Commit()
	})
}

// Within uses a transaction without any end of its own: it is another's.
func (c Cases) Within(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := c.sell(ctx, tx); err != nil {
		store.Rollback(tx)
		return err
	}
	return tx.Commit()
}

// WithinForgets believes that sell ends it.
func (c Cases) WithinForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	return c.sell(ctx, tx) // want `return leaves transaction tx open`
}
