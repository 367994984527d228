package service

import (
	"context"
	"database/sql"
)

func sweep(tx *sql.Tx) error { _, err := tx.Exec("DELETE FROM dust"); return err }

func nod(*sql.Tx) error { return nil }

// Chores does two steps.
func (c Cases) Chores(ctx context.Context) error {
	chore, err := c.s.Chore(ctx)
	if err != nil {
		return err
	}
	chore.Step(sweep).Step(sweep)
	if err := c.check(ctx); err != nil {
		chore.Drop()
		return err
	}
	return chore.Finish()
}

// ChoresForget do not give up what they leave.
func (c Cases) ChoresForget(ctx context.Context) error {
	chore, err := c.s.Chore(ctx)
	if err != nil {
		return err
	}
	chore.Step(sweep).Step(sweep)
	if err := c.check(ctx); err != nil {
		return err // want `return leaves transaction chore open`
	}
	return chore.Finish()
}

// ChoresLiteral do a step on an item.
func (c Cases) ChoresLiteral(ctx context.Context, item int) error {
	chore, err := c.s.Chore(ctx)
	if err != nil {
		return err
	}
	chore.Step(func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM dust WHERE item = ?", item)
		return err
	})
	if err := chore.Err(); err != nil {
		return err // want `return leaves transaction chore open`
	}
	return chore.Finish()
}

// ChoresSure do a step that never fails.
func (c Cases) ChoresSure(ctx context.Context) error {
	chore, err := c.s.Chore(ctx)
	if err != nil {
		return err
	}
	if err := chore.Step(nod).Err(); err != nil {
		return err // not reached
	}
	return chore.Finish()
}

// ChoresTold go by what the step has told them.
func (c Cases) ChoresTold(ctx context.Context) error {
	chore, err := c.s.Chore(ctx)
	if err != nil {
		return err
	}
	swept := false
	chore.Step(func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM dust")
		swept = true
		return err
	})
	if !swept {
		return nil // not reached
	}
	return chore.Finish()
}

// ChoresEnd have a step that ends the transaction.
func (c Cases) ChoresEnd(ctx context.Context) error {
	chore, err := c.s.Chore(ctx)
	if err != nil {
		return err
	}
	chore.Step(func(tx *sql.Tx) error { return tx.Commit() })
	return chore.Err()
}

// stepOf is a step with what it needs.
type stepOf struct{ item string }

func (s stepOf) take(tx *sql.Tx) error {
	_, err := tx.Exec("DELETE FROM dust WHERE item = ?", s.item)
	return err
}

// ChoresBound do the step of an object.
func (c Cases) ChoresBound(ctx context.Context) error {
	chore, err := c.s.Chore(ctx)
	if err != nil {
		return err
	}
	step := stepOf{"tea"}
	chore.Step(step.take)
	if chore.Err() != nil {
		return nil // want `return leaves transaction chore open`
	}
	return chore.Finish()
}
