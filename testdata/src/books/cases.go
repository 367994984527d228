package books

import (
	"context"

	"txcases/ledger"
)

// StateAsked ends what is open.
func (c Cases) StateAsked() error {
	e, err := ledger.Begin(c.p.DB)
	if err != nil {
		return err
	}
	defer func() {
		if e.IsOpen() {
			_ = e.Rollback()
		}
	}()
	if c.p.Choose() {
		return errShort
	}
	return e.Commit()
}

// StateRead compares the number.
func (c Cases) StateRead() error {
	e, err := ledger.Begin(c.p.DB)
	if err != nil {
		return err
	}
	if e.State() == ledger.Open {
		return e.Rollback()
	}
	return nil // not reached
}

// StateWrong ends what is not open.
func (c Cases) StateWrong() error {
	e, err := ledger.Begin(c.p.DB)
	if err != nil {
		return err
	}
	if e.State() != ledger.Open {
		return e.Rollback() // not reached
	}
	return nil // want `return leaves transaction e open`
}

// Code knows by a number that the step has ended it.
func (c Cases) Code() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch ledger.Step(tx) {
	case ledger.Ended:
		return errStop
	case ledger.Failed:
		return errShort // not reached
	}
	return tx.Commit()
}

// CodeMistaken takes another number for that.
func (c Cases) CodeMistaken() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if ledger.Step(tx) == ledger.Went {
		return errStop // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CodeBegun begins unless the number says otherwise.
func (c Cases) CodeBegun() error {
	tx, code := ledger.BeginCode(c.p.DB)
	if code != 0 {
		return errStop
	}
	if c.p.Choose() {
		return errShort // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Reported knows by a field.
func (c Cases) Reported() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if r := ledger.Attempt(tx); r.Ended {
		return r.Err
	}
	return tx.Commit()
}

// ReportIgnored leaves when nothing was ended.
func (c Cases) ReportIgnored() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if r := ledger.Attempt(tx); !r.Ended {
		return r.Err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Marked knows by a variable whose address it has given.
func (c Cases) Marked() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ended := false
	err = ledger.Mark(tx, &ended)
	if ended {
		return err
	}
	return tx.Commit()
}

// MarkedWrong asks it the wrong way round.
func (c Cases) MarkedWrong() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ended := false
	if err = ledger.Mark(tx, &ended); !ended {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// FirstKept rolls back for each error, and returns the first.
func (c Cases) FirstKept() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var first error
	_, err = tx.Exec("A")
	ledger.First(&first, err)
	if err != nil {
		_ = tx.Rollback()
	}
	if first != nil {
		return first
	}
	return tx.Commit()
}

// Paired has the error of its Begin in a field.
func (c Cases) Paired() error {
	b := ledger.Pair(c.p.DB.Begin())
	if b.Err != nil {
		return b.Err
	}
	if c.p.Choose() {
		return errShort // want `return leaves transaction of c.p.DB.Begin open`
	}
	return b.Tx.Commit()
}

// WorkedOnly goes on where the Begin has worked.
func (c Cases) WorkedOnly() error {
	tx, ok := ledger.Worked(c.p.DB.Begin())
	if !ok {
		return errStop
	}
	return tx.Commit()
}

// Generic goes through type parameters.
func (c Cases) Generic() error {
	tx := ledger.OrNone(c.p.DB.Begin())
	if tx == nil {
		return errStop
	}
	if c.p.Choose() {
		return errShort // want `return leaves transaction tx open`
	}
	return (*ledger.At(tx)).Commit()
}

// RepoDefers ends what it has behind an interface that only executes.
func (c Cases) RepoDefers() error {
	r, err := ledger.BeginRepo(c.p.DB)
	if err != nil {
		return err
	}
	defer r.Rollback()
	if err := r.Add(); err != nil {
		return err
	}
	return r.Commit()
}

// RepoForgets does not when it cannot add.
func (c Cases) RepoForgets() error {
	r, err := ledger.BeginRepo(c.p.DB)
	if err != nil {
		return err
	}
	if err := r.Add(); err != nil {
		return err // want `return leaves transaction r open`
	}
	return r.Commit()
}

// Bounded gives numbers that are large enough, and one that is not.
func (c Cases) Bounded(dry bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if dry {
		return ledger.EndAt(tx, 2) // want `return leaves transaction tx open`
	}
	return ledger.EndAt(tx, 3)
}

// Counted gives one error or none.
func (c Cases) Counted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		ledger.EndIfAny(tx, errShort)
		return errShort
	}
	if c.p.Choose() {
		ledger.EndIfAny(tx)
		return errStop // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Asked is asked whether it has committed.
func (c Cases) Asked() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	done := false
	defer ledger.EndUnless(tx, func() bool { return done })
	if c.p.Choose() {
		return errShort
	}
	done = true
	return tx.Commit()
}

// Last rolls back at the end of it all.
func (c Cases) Last() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return ledger.Finally(func() error { _, err := tx.Exec("A"); return err }, tx.Rollback)
}

// OneOf ends it in one way or the other.
func (c Cases) OneOf() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("A")
	return ledger.Either(err == nil, tx.Commit, tx.Rollback)
}

// Guarded commits in the function that is guarded.
func (c Cases) Guarded() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return ledger.Guard(tx, func() error {
		if _, err := tx.Exec("A"); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// GuardOnly is guarded, and nothing more.
func (c Cases) GuardOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return ledger.Guard(tx, func() error { _, err := tx.Exec("A"); return err }) // want `return leaves transaction tx open`
}

// Batched puts what begins at first.
func (c Cases) Batched(ctx context.Context, ids []int) error {
	b := ledger.NewBatch(c.p.DB)
	defer b.Abort()
	for range ids {
		if err := b.Put(ctx); err != nil {
			return err
		}
	}
	return b.Flush()
}

// BatchDropped forgets what was put.
func (c Cases) BatchDropped(ctx context.Context) error {
	b := ledger.NewBatch(c.p.DB)
	if err := b.Put(ctx); err != nil {
		return err // want `return leaves transaction b open`
	}
	return b.Flush()
}

// Hidden flushes what nobody can look into.
func (c Cases) Hidden() error {
	j, err := ledger.NewJournal(c.p.DB)
	if err != nil {
		return err
	}
	defer j.Drop()
	return j.Flush()
}

// CarriedOut ends what a context has brought.
func (c Cases) CarriedOut(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return end(ledger.With(ctx, tx), errShort)
}

// CarriedFurther puts another context around it.
func (c Cases) CarriedFurther(ctx context.Context) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ledger.With(ctx, tx))
	defer cancel()
	return end(ctx, nil)
}

func end(ctx context.Context, err error) error {
	tx, ok := ledger.From(ctx)
	switch {
	case !ok:
		return err // not reached
	case err != nil:
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// UnitDefers rolls back a unit that keeps its accounts.
func (c Cases) UnitDefers() error {
	u, err := ledger.Start(c.p.DB)
	if err != nil {
		return err
	}
	defer u.Rollback()
	if err := u.Accounts().Open(); err != nil {
		return err
	}
	return u.Commit()
}

// UnitForgets does not.
func (c Cases) UnitForgets() error {
	u, err := ledger.Start(c.p.DB)
	if err != nil {
		return err
	}
	if err := u.Accounts().Open(); err != nil {
		return err // want `return leaves transaction u open`
	}
	return u.Commit()
}

// LatchOnce ends it in one place or the other.
func (c Cases) LatchOnce() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	l := ledger.NewLatch(tx)
	if c.p.Choose() {
		_ = l.Rollback()
	}
	if l.Done() {
		return errShort
	}
	return l.Commit()
}

// LatchLeft leaves it where it is not done.
func (c Cases) LatchLeft() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	l := ledger.NewLatch(tx)
	if c.p.Choose() {
		_ = l.Rollback()
	}
	if !l.Done() {
		return errShort // want `return leaves transaction tx open`
	}
	return nil
}

// WorkTold goes by one field, and by the other.
func (c Cases) WorkTold() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	r := ledger.Work(tx)
	if !r.Ended {
		_ = tx.Rollback()
	}
	if r.Err != nil {
		return r.Err
	}
	return tx.Commit()
}
