package service

import (
	"context"

	"txcases/store"
)

// Always defers a function of another package.
func (c Cases) Always(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.Rollback(tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// AlwaysTooLate checks something before the defer.
func (c Cases) AlwaysTooLate(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer store.Rollback(tx)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// LastArgument passes it in third place.
func (c Cases) LastArgument(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.RollbackMsg(ctx, "last argument", tx)
	return store.Add(ctx, tx, "tea")
}

// InReturn finishes in the operand of the return.
func (c Cases) InReturn(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return store.Abort(tx, err, "tea")
	}
	if err := store.Add(ctx, tx, "milk"); err != nil {
		return store.Abort(tx, err, "milk")
	}
	return tx.Commit()
}

// InReturnForgets does so the first time only.
func (c Cases) InReturnForgets(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return store.Abort(tx, err, "tea")
	}
	if err := store.Add(ctx, tx, "milk"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Both leaves the decision to the helper.
func (c Cases) Both(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return store.Finish(tx, store.Add(ctx, tx, "tea"))
}

// OneStatement passes on a statement and the duty to finish.
func (c Cases) OneStatement(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return store.Exec(ctx, tx, "DELETE FROM items")
}

// OnError rolls back through a helper that looks at the error.
func (c Cases) OnError(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = store.Add(ctx, tx, "tea")
	store.RollbackOnError(tx, err)
	if err != nil {
		return err
	}
	return tx.Commit()
}

// OnErrorOther shows it the wrong one.
func (c Cases) OnErrorOther(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	added := store.Add(ctx, tx, "tea")
	store.RollbackOnError(tx, err)
	if added != nil {
		return added // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OnErrorTooEarly shows it the error as it is when the defer is met: nil.
func (c Cases) OnErrorTooEarly(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.RollbackOnError(tx, err)
	if err = store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// OnErrorLate calls it from a deferred function.
func (c Cases) OnErrorLate(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { store.RollbackOnError(tx, err) }()
	if err = store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// UnlessError has dealt with the error when it asks for the commit.
func (c Cases) UnlessError(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = store.Add(ctx, tx, "tea")
	if err != nil {
		_ = tx.Rollback()
	}
	return store.CommitUnlessError(tx, err)
}

// UnlessErrorOnly has not.
func (c Cases) UnlessErrorOnly(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = store.Add(ctx, tx, "tea")
	return store.CommitUnlessError(tx, err) // want `return leaves transaction tx open`
}

// WhenBad rolls back by a flag.
func (c Cases) WhenBad(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	bad := store.Add(ctx, tx, "tea") != nil
	store.RollbackWhen(tx, bad)
	if bad {
		return errBusy
	}
	return tx.Commit()
}

// WhenBadOther returns for another reason.
func (c Cases) WhenBadOther(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	bad := store.Add(ctx, tx, "tea") != nil
	store.RollbackWhen(tx, bad)
	if c.check(ctx) != nil {
		return errBusy // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UnlessGood lets a deferred helper look at a flag when all is over.
func (c Cases) UnlessGood(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	good := false
	defer func() { store.RollbackUnless(good, tx) }()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	good = true
	return tx.Commit()
}

// UnlessGoodTooEarly is good before it has done anything.
func (c Cases) UnlessGoodTooEarly(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	good := true
	defer func() { store.RollbackUnless(good, tx) }()
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UnlessGoodConstant passes false, which is never good.
func (c Cases) UnlessGoodConstant(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.RollbackUnless(false, tx)
	return store.Add(ctx, tx, "tea")
}

// UnlessGoodAlways passes true, which always is.
func (c Cases) UnlessGoodAlways(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.RollbackUnless(true, tx)
	return store.Add(ctx, tx, "tea") // want `return leaves transaction tx open`
}

// AtExit has the helper read the named result when the function returns.
func (c Cases) AtExit(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.FinishErr(tx, &err)
	return store.Add(ctx, tx, "tea")
}

// AtExitLocal has it read a local variable: the outcome is wrong, but there is
// one.
func (c Cases) AtExitLocal(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.FinishErr(tx, &err)
	return store.Add(ctx, tx, "tea")
}

// FailedAtExit rolls back by the named result and commits itself.
func (c Cases) FailedAtExit(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.RollbackErr(tx, &err)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err
	}
	return tx.Commit()
}

// FailedAtExitLocal has the helper read a variable that an if has hidden.
func (c Cases) FailedAtExitLocal(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.RollbackErr(tx, &err)
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// FailedAtExitNil returns early and says that all is well.
func (c Cases) FailedAtExitNil(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer store.RollbackErr(tx, &err)
	if c.p.Choose() {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
