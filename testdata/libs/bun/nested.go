package bun

import (
	"context"

	"github.com/uptrace/bun"

	"txcases/libs/bunrepo"
)

// Nested leaves its savepoint to a caller who goes on and commits.
func (c Cases) Nested(ctx context.Context) error {
	return c.outer(ctx, c.nested)
}

// outer takes a failure of its step lightly.
func (c Cases) outer(ctx context.Context, step func(context.Context, bun.Tx) error) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := step(ctx, tx); err != nil && c.p.Choose() {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (c Cases) nested(ctx context.Context, tx bun.Tx) error {
	sp, err := tx.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, sp); err != nil {
		return err // want `return leaves savepoint sp open: tx.BeginTx on line \d+ is neither released nor rolled back when err != nil`
	}
	return sp.Commit()
}

// NestedEnds rolls back to it.
func (c Cases) NestedEnds(ctx context.Context) error {
	return c.outer(ctx, c.nestedEnds)
}

func (c Cases) nestedEnds(ctx context.Context, tx bun.Tx) error {
	sp, err := tx.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := empty(ctx, sp); err != nil {
		_ = sp.Rollback()
		return err
	}
	return sp.Commit()
}

// Within ends with the transaction that is rolled back.
func (c Cases) Within(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	sp, err := tx.Begin()
	if err != nil {
		return err
	}
	if err := empty(ctx, sp); err != nil {
		return err
	}
	if err := sp.Commit(); err != nil {
		return err
	}
	return tx.Commit()
}

// WithinCommitted commits what the savepoint was to guard.
func (c Cases) WithinCommitted(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	sp, err := tx.Begin()
	if err != nil {
		return err
	}
	if err := empty(ctx, sp); err != nil {
		return tx.Commit() // want `return leaves savepoint sp open`
	}
	if err := sp.Commit(); err != nil {
		return err
	}
	return tx.Commit()
}

// WithinAndOuter leaves both.
func (c Cases) WithinAndOuter(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	sp, err := tx.Begin()
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := sp.Commit(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// ByAddress passes the address of the transaction, which stays what it is.
func (c Cases) ByAddress(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := bunrepo.On(&tx).Clear(ctx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// ByAddressForgets forgets the rollback.
func (c Cases) ByAddressForgets(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := bunrepo.On(&tx).Clear(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// InCallback leaves its savepoint to RunInTx, which rolls back where an error is returned.
func (c Cases) InCallback(ctx context.Context) error {
	return c.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		sp, err := tx.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := empty(ctx, sp); err != nil {
			return err
		}
		if c.p.Choose() {
			return nil // want `return leaves savepoint sp open`
		}
		return sp.Commit()
	})
}

// WithinEach begins a savepoint for each line, and goes on without those that fail.
func (c Cases) WithinEach(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for range c.p.Pick(3) {
		sp, err := tx.Begin()
		if err != nil {
			return err
		}
		if _, err := sp.ExecContext(ctx, "DELETE FROM items"); err != nil || c.p.Choose() {
			continue // want `next iteration leaves savepoint sp open`
		}
		if err := sp.Commit(); err != nil {
			return err
		}
	}
	return tx.Commit() // want `return leaves savepoint sp open`
}

// WithinEachEnds rolls those back.
func (c Cases) WithinEachEnds(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for range c.p.Pick(3) {
		sp, err := tx.Begin()
		if err != nil {
			return err
		}
		if _, err := sp.ExecContext(ctx, "DELETE FROM items"); err != nil || c.p.Choose() {
			_ = sp.Rollback()
			continue
		}
		if err := sp.Commit(); err != nil {
			return err
		}
	}
	return tx.Commit()
}
