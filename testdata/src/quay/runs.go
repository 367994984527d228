package quay

import (
	"context"
	"database/sql"

	"txcases/quay/watch"
)

// Functions that another package runs, which knows no database.

// RunsMeasured ends the transaction on one way only.
func (c Cases) RunsMeasured() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return watch.Measure("touch", func() error { // want `return leaves transaction tx open`
		if err := touch(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// RunsMeasuredBoth ends it on both.
func (c Cases) RunsMeasuredBoth() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return watch.Measure("touch", func() error {
		if err := touch(tx); err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	})
}

// RunsNamed ends it afterwards, where that has failed.
func (c Cases) RunsNamed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = watch.Named("touch", func() error {
		if err := touch(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err != nil {
		_ = tx.Rollback()
	}
	return err
}

// RunsNamedForgets does not.
func (c Cases) RunsNamedForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = watch.Named("touch", func() error {
		if err := touch(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return nil
}

// RunsSpan is given a context.
func (c Cases) RunsSpan(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return watch.Span(ctx, func(ctx context.Context) error { // want `return leaves transaction tx open`
		if _, err := tx.ExecContext(context.WithoutCancel(ctx), "UPDATE quay SET n = 2"); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// RunsSafely recovers.
func (c Cases) RunsSafely() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return watch.Safely(func() error {
		if err := touch(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// RunsThrice tries again.
func (c Cases) RunsThrice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return watch.Thrice(func() error { // want `return leaves transaction tx open`
		if err := touch(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// RunsThriceEach begins anew each time.
func (c Cases) RunsThriceEach() error {
	return watch.Thrice(func() error {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := touch(tx); err != nil {
			return err // want `return leaves transaction tx open`
		}
		return tx.Commit()
	})
}

// RunsThriceBegins begins until it works.
func (c Cases) RunsThriceBegins() error {
	var tx *sql.Tx
	err := watch.Thrice(func() (err error) {
		tx, err = c.p.DB.Begin()
		return err
	})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := touch(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// RunsWhen runs under a condition.
func (c Cases) RunsWhen() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := watch.When(c.p.Choose(), func() error { return touch(tx) }); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RunsAlways never fails.
func (c Cases) RunsAlways() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	tries := 0
	if err := watch.Always(func() error {
		if tries++; tries > 2 {
			return nil
		}
		return c.step()
	}); err != nil {
		return err // not reached
	}
	return tx.Commit()
}

// RunsLiteral asks in a literal for a result that nothing has set yet.
func (c Cases) RunsLiteral() (err error) {
	work := func() error {
		tx, failed := c.p.DB.Begin()
		if failed != nil {
			return failed
		}
		if err != nil {
			return err // not reached
		}
		return tx.Commit()
	}
	if work() != nil {
		return errFull
	}
	return nil
}

// RunsLiteralLater asks when it may have been set.
func (c Cases) RunsLiteralLater() (err error) {
	work := func() error {
		tx, failed := c.p.DB.Begin()
		if failed != nil {
			return failed
		}
		if err != nil {
			return err // want `return leaves transaction tx open`
		}
		return tx.Commit()
	}
	err = c.step()
	return work()
}

// RunsAsked has another package run what only says how it went before.
func (c Cases) RunsAsked() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE items SET seen = 1")
	if failed := watch.Named("seen", func() error { return err }); failed != nil {
		_ = tx.Rollback()
		return failed
	}
	if err != nil {
		return err // not reached
	}
	return tx.Commit()
}

// RunsAskedBegin asks it about the Begin.
func (c Cases) RunsAskedBegin() error {
	tx, err := c.p.DB.Begin()
	if failed := watch.Named("begin", func() error {
		if err != nil {
			return err
		}
		return nil
	}); failed != nil {
		return failed
	}
	return tx.Rollback()
}

// RunsAskedOther asks about something else.
func (c Cases) RunsAskedOther() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE items SET seen = 1")
	if failed := watch.Named("seen", func() error {
		if c.p.Choose() {
			return errFull
		}
		return nil
	}); failed != nil {
		_ = tx.Rollback()
		return failed
	}
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
