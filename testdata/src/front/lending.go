package front

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"txcases/store"
)

// addAll adds items until one is refused, and tells how far it came.
func addAll(ctx context.Context, tx *sql.Tx, items []string) (n int, err error) {
	for _, item := range items {
		if item == "" {
			continue
		}
		if err := store.Add(ctx, tx, item); err != nil {
			return n, err
		}
		n++
	}
	if n == 0 {
		return 0, errors.New("nothing added")
	}
	return n, nil
}

// Lent passes the transaction to a loop that only uses it.
func (c Cases) Lent(ctx context.Context, items []string) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := addAll(ctx, tx, append(items, "")); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// LentForgets takes the error of the loop for the end of the transaction.
func (c Cases) LentForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := addAll(ctx, tx, []string{"tea", "milk"}); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// a step is what to do with a transaction.
type step struct {
	name string
	do   func(*sql.Tx)
}

// runStep does one step, once for each time.
func runStep(ctx context.Context, tx *sql.Tx, s step, times int) error {
	for range times {
		if err := store.Add(ctx, tx, s.name); err != nil {
			s.do(tx)
			return err
		}
	}
	return nil
}

// Step has the step roll back what fails.
func (c Cases) Step(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := runStep(ctx, tx, step{"tea", store.Rollback}, 2); err != nil {
		return err
	}
	return tx.Commit()
}

// StepForgets has it look on.
func (c Cases) StepForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	look := func(tx *sql.Tx) { _ = store.Add(ctx, tx, "look") }
	if err := runStep(ctx, tx, step{"tea", look}, 2); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// a closer ends transactions for others.
type closer interface{ End(tx *sql.Tx) }

type rollsBack struct{ ended int }

func (r *rollsBack) End(tx *sql.Tx) { r.ended++; tx.Rollback() }

type looksOn struct{ looked int }

func (l *looksOn) End(*sql.Tx) { l.looked++ }

// addOrEnd adds items, and has the transaction ended when one is refused.
func addOrEnd(ctx context.Context, tx *sql.Tx, items []string, end closer) error {
	for _, item := range items {
		if err := store.Add(ctx, tx, item); err != nil {
			end.End(tx)
			return err
		}
	}
	return nil
}

// Closer passes somebody who rolls back.
func (c Cases) Closer(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := addOrEnd(ctx, tx, []string{"tea", "milk"}, &rollsBack{}); err != nil {
		return err
	}
	return tx.Commit()
}

// CloserForgets passes somebody who does not.
func (c Cases) CloserForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := addOrEnd(ctx, tx, []string{"tea", "milk"}, &looksOn{}); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// a batch adds items to a transaction and remembers whether it is whole.
type batch struct {
	tx    *sql.Tx
	whole bool
	count int
}

// add adds items; afterwards the batch is whole.
func (b *batch) add(ctx context.Context, items ...string) error {
	for _, item := range items {
		if err := store.Add(ctx, b.tx, item); err != nil {
			return err
		}
		b.count++
	}
	b.whole = true
	return nil
}

// size looks at the batch only.
func (b *batch) size(ctx context.Context, items []string) (n int) {
	for _, item := range items {
		if store.Add(ctx, b.tx, item) == nil {
			n++
		}
	}
	return n
}

// Batch rolls back unless the batch is whole.
func (c Cases) Batch(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	b := &batch{tx: tx}
	defer func() {
		if !b.whole {
			b.tx.Rollback()
		}
	}()
	if err := b.add(ctx, "tea", "milk"); err != nil {
		return err
	}
	return tx.Commit()
}

// BatchForgets rolls back only what is whole.
func (c Cases) BatchForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	b := &batch{tx: tx}
	if n := b.size(ctx, []string{"tea", "milk"}); n == 1 {
		return errors.New("half") // want `return leaves transaction tx open`
	}
	if !b.whole {
		tx.Rollback()
		return nil
	}
	return tx.Commit() // not reached
}

// Literal passes a long literal that only uses the transaction to code of others.
func (c Cases) Literal(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	failed := false
	_ = slices.IndexFunc([]string{"tea", "milk"}, func(item string) bool {
		for range 2 {
			if store.Add(ctx, tx, item) != nil {
				failed = true
				return true
			}
		}
		return false
	})
	if failed {
		tx.Rollback()
		return errors.New("failed")
	}
	return tx.Commit()
}

// LiteralForgets does not look at what the literal found on one branch.
func (c Cases) LiteralForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	failed := false
	at := slices.IndexFunc([]string{"tea", "milk"}, func(item string) bool {
		for range 2 {
			if store.Add(ctx, tx, item) != nil {
				failed = true
				return true
			}
		}
		return false
	})
	if at == 1 {
		return errors.New("failed late") // want `return leaves transaction tx open`
	}
	if failed {
		tx.Rollback()
		return errors.New("failed")
	}
	return tx.Commit()
}

// LiteralEnds passes one that rolls back at its second failure.
func (c Cases) LiteralEnds(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	ended := false
	_ = slices.IndexFunc([]string{"tea", "milk"}, func(item string) bool {
		for range 2 {
			if !ended && store.Add(ctx, tx, item) != nil {
				ended = true
				tx.Rollback()
			}
		}
		return ended
	})
	if ended {
		return errors.New("failed")
	}
	return tx.Commit()
}

// twice calls f two times.
func twice(f func() error) error {
	for range 2 {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// Twice passes a literal that only uses the transaction to a loop in view.
func (c Cases) Twice(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := twice(func() error { return store.Add(ctx, tx, "tea") }); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// TwiceForgets lets its error out.
func (c Cases) TwiceForgets(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := twice(func() error { return store.Add(ctx, tx, "tea") }); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
