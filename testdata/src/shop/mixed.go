package shop

import (
	"context"
	"database/sql"

	"othercases/txkit"

	"txcases/store"
)

// Guarded has a guard of another module watch the named result.
func (c Cases) Guarded(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	defer txkit.NewGuard(tx, &err).Leave()
	return store.Add(ctx, tx, "tea")
}

// GuardedNot posts a guard and sends it home.
func (c Cases) GuardedNot(ctx context.Context) (err error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	g := txkit.NewGuard(tx, &err)
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	g.Leave()
	return err
}

// Alive returns when a helper of another module has rolled back.
func (c Cases) Alive(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if !txkit.Alive(ctx, tx) {
		return errSold
	}
	return tx.Commit()
}

// AliveAnd asks for more than that.
func (c Cases) AliveAnd(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if !txkit.Alive(ctx, tx) || c.stock() != nil {
		return errSold // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Done returns when it is done, and rolls back otherwise.
func (c Cases) Done(ctx context.Context, allowed bool) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if txkit.Done(tx, allowed) {
		return nil
	}
	return tx.Rollback()
}

// DoneNot has nothing for the other case.
func (c Cases) DoneNot(ctx context.Context, allowed bool) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if txkit.Done(tx, allowed) {
		return nil
	}
	return errSold // want `return leaves transaction tx open`
}

// Collects leaves all to the other module.
func (c Cases) Collects(ctx context.Context) ([]string, error) {
	return txkit.Collect(ctx, c.p.DB, func(tx *sql.Tx) ([]string, error) {
		return []string{"tea"}, store.Add(ctx, tx, "tea")
	})
}

// CollectsTwo begins a second transaction meanwhile.
func (c Cases) CollectsTwo(ctx context.Context) ([]int, error) {
	return txkit.Collect(ctx, c.p.DB, func(*sql.Tx) ([]int, error) {
		tx, err := c.s.Begin(ctx)
		if err != nil {
			return nil, err
		}
		if err := c.stock(); err != nil {
			return nil, err // want `return leaves transaction tx open`
		}
		return []int{1}, tx.Commit()
	})
}

// ByAddress defers a literal that gets the address of the variable.
func (c Cases) ByAddress(ctx context.Context) error {
	var tx *sql.Tx
	defer func(at **sql.Tx) {
		if *at != nil {
			store.Rollback(*at)
		}
	}(&tx)
	var err error
	if tx, err = c.s.Begin(ctx); err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err
	}
	return tx.Commit()
}

// ByCopy has it get the variable as it is then: nil.
func (c Cases) ByCopy(ctx context.Context) error {
	var tx *sql.Tx
	defer func(tx *sql.Tx) {
		if tx != nil {
			store.Rollback(tx)
		}
	}(tx)
	var err error
	if tx, err = c.s.Begin(ctx); err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A request has a transaction and an answer.
type request struct {
	tx     *sql.Tx
	status int
}

// Commit ends it well.
func (r *request) Commit() error { return r.tx.Commit() }

// Rollback ends it.
func (r *request) Rollback() error { return r.tx.Rollback() }

// serve answers a request.
func (c Cases) serve(r *request) {
	r.status = 200
	if c.stock() != nil {
		r.status = 500
	}
}

// Middleware ends the transaction of a request by its answer.
func (c Cases) Middleware(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	r := &request{tx: tx}
	c.serve(r)
	if r.status >= 400 {
		return r.Rollback()
	}
	return r.Commit()
}

// MiddlewareRange ends it for the answers that it has thought of.
func (c Cases) MiddlewareRange(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	r := &request{tx: tx}
	c.serve(r)
	switch {
	case r.status < 300:
		return r.Commit()
	case r.status < 500:
		return r.Rollback() // not reached
	}
	return errSold // want `return leaves transaction tx open`
}

// Handed gives the transaction to a function of another module that ends it only
// when it fails.
func (c Cases) Handed(ctx context.Context) (*sql.Tx, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := txkit.Apply(ctx, tx, "DELETE FROM carts"); err != nil {
		return nil, err
	}
	return tx, nil
}

// HandedNot returns nothing for another reason.
func (c Cases) HandedNot(ctx context.Context) (*sql.Tx, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	if err := txkit.Apply(ctx, tx, "DELETE FROM carts"); err != nil {
		return nil, err
	}
	if err := c.stock(); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return tx, nil
}
