package service

import (
	"context"
	"database/sql"

	"txcases/store"
)

// Joined calls a function with a transaction and without.
func (c Cases) Joined(ctx context.Context) error {
	if err := c.buy(ctx, nil, 1); err != nil {
		return err
	}
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error { return c.buy(ctx, tx, 2) })
}

// buy joins a transaction, or begins one and owns it.
func (c Cases) buy(ctx context.Context, tx *sql.Tx, n int) (err error) {
	own := false
	if tx == nil {
		tx, err = c.s.Begin(ctx)
		if err != nil {
			return err
		}
		own = true
	}
	if _, err = tx.ExecContext(ctx, "UPDATE stock SET n = n + ?", n); err != nil {
		if own {
			store.Rollback(tx)
		}
		return err
	}
	if own {
		return tx.Commit()
	}
	return nil
}

// JoinedForgets calls its forgetful sister.
func (c Cases) JoinedForgets(ctx context.Context) error {
	if err := c.buyForgets(ctx, nil, 1); err != nil {
		return err
	}
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error { return c.buyForgets(ctx, tx, 2) })
}

// buyForgets owns it only when all goes well.
func (c Cases) buyForgets(ctx context.Context, tx *sql.Tx, n int) (err error) {
	own := false
	if tx == nil {
		tx, err = c.s.Begin(ctx)
		if err != nil {
			return err
		}
		own = true
	}
	if _, err = tx.ExecContext(ctx, "UPDATE stock SET n = n + ?", n); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if own {
		return tx.Commit()
	}
	return nil
}

// JoinedDefer owns it by a deferred function.
func (c Cases) JoinedDefer(ctx context.Context) error {
	if err := c.count(ctx); err != nil {
		return err
	}
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error { return c.count(ctx, tx) })
}

// count has a transaction as its last argument, or none.
func (c Cases) count(ctx context.Context, given ...*sql.Tx) (err error) {
	var tx *sql.Tx
	if len(given) > 0 {
		tx = given[0]
	} else {
		if tx, err = c.s.Begin(ctx); err != nil {
			return err
		}
		defer func() { err = store.Finish(tx, err) }()
	}
	return store.Add(ctx, tx, "tea")
}

// JoinedLast calls the one that forgets the last step.
func (c Cases) JoinedLast(ctx context.Context) error {
	if err := c.countForgets(ctx); err != nil {
		return err
	}
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error { return c.countForgets(ctx, tx) })
}

// countForgets commits nothing, whoever owns it.
func (c Cases) countForgets(ctx context.Context, given ...*sql.Tx) (err error) {
	var tx *sql.Tx
	if len(given) > 0 {
		tx = given[0]
	} else {
		if tx, err = c.s.Begin(ctx); err != nil {
			return err
		}
		defer store.RollbackErr(tx, &err)
	}
	return store.Add(ctx, tx, "tea") // want `return leaves transaction tx open`
}

// Carried begins a transaction and has the context carry it.
func (c Cases) Carried(ctx context.Context) (err error) {
	ctx, err = c.carry(ctx)
	if err != nil {
		return err
	}
	defer func() { err = store.Finish(store.FromContext(ctx), err) }()
	return c.inContext(ctx)
}

// carry returns a context that carries a transaction.
func (c Cases) carry(ctx context.Context) (context.Context, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx); err != nil {
		store.Rollback(tx)
		return nil, err
	}
	return store.NewContext(ctx, tx), nil
}

// inContext works on the transaction that it finds.
func (c Cases) inContext(ctx context.Context) error {
	tx := store.FromContext(ctx)
	if tx == nil {
		return errNoTx
	}
	return store.Add(ctx, tx, "tea")
}

// Uncarried finds none.
func (c Cases) Uncarried(ctx context.Context) error {
	return c.inContext(ctx)
}

// CarriedForgets does so by a function that fails too late.
func (c Cases) CarriedForgets(ctx context.Context) (err error) {
	ctx, err = c.carryForgets(ctx)
	if err != nil {
		return err
	}
	defer func() { err = store.Finish(store.FromContext(ctx), err) }()
	return c.inContext(ctx)
}

// carryForgets has the transaction carried along one path only.
func (c Cases) carryForgets(ctx context.Context) (context.Context, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return store.NewContext(ctx, tx), nil
}

// CarriedOrOwn takes the transaction of the context or begins one.
func (c Cases) CarriedOrOwn(ctx context.Context) error {
	if err := c.either(ctx); err != nil {
		return err
	}
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return c.either(store.NewContext(ctx, tx))
	})
}

// either asks twice whether there is a transaction in the context.
func (c Cases) either(ctx context.Context) (err error) {
	tx := store.FromContext(ctx)
	mine := tx == nil
	if mine {
		if tx, err = c.s.Begin(ctx); err != nil {
			return err
		}
	}
	err = store.Add(ctx, tx, "tea")
	if !mine {
		return err
	}
	return store.Finish(tx, err)
}

// CarriedOrLost begins one in a function that ends none.
func (c Cases) CarriedOrLost(ctx context.Context) error {
	if err := c.eitherForgets(ctx); err != nil {
		return err
	}
	return c.s.WithTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return c.eitherForgets(store.NewContext(ctx, tx))
	})
}

// eitherForgets returns the error whoever the transaction belongs to.
func (c Cases) eitherForgets(ctx context.Context) (err error) {
	tx := store.FromContext(ctx)
	mine := tx == nil
	if mine {
		if tx, err = c.s.Begin(ctx); err != nil {
			return err
		}
	}
	if err = store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if mine {
		return tx.Commit()
	}
	return nil
}

// Current returns the transaction of the context, or a new one and the duty to
// end it.
func (c Cases) Current(ctx context.Context) (tx *sql.Tx, own bool, err error) {
	if tx = store.FromContext(ctx); tx != nil {
		return tx, false, nil // not reached
	}
	tx, err = c.s.Begin(ctx)
	return tx, err == nil, err
}
