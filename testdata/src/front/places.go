package front

import (
	"context"
	"database/sql"
	"io"

	"txcases/desk"
	"txcases/store"
)

// into begins a transaction and puts it where it is told to.
func (c Cases) into(ctx context.Context, to **sql.Tx) (err error) {
	*to, err = c.d.Begin(ctx)
	return err
}

// Pointed ends what it finds there.
func (c Cases) Pointed(ctx context.Context) error {
	var tx *sql.Tx
	if err := c.into(ctx, &tx); err != nil {
		return err
	}
	return store.Finish(tx, c.lunch())
}

// PointedForgets ends it after lunch.
func (c Cases) PointedForgets(ctx context.Context) error {
	var tx *sql.Tx
	if err := c.into(ctx, &tx); err != nil {
		return err
	}
	if err := c.lunch(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A lazy begins its transaction when it is first needed.
type lazy struct {
	d  *desk.Desk
	tx *sql.Tx
}

// need returns the transaction, begun now or before.
func (l *lazy) need(ctx context.Context) (*sql.Tx, error) {
	if l.tx != nil {
		return l.tx, nil
	}
	tx, err := l.d.Begin(ctx)
	if err != nil {
		return nil, err
	}
	l.tx = tx
	return tx, nil
}

// Close rolls back what was begun.
func (l *lazy) Close() error {
	if l.tx == nil {
		return nil
	}
	return l.tx.Rollback()
}

// Lazy closes it, needed or not.
func (c Cases) Lazy(ctx context.Context) error {
	l := &lazy{d: c.d}
	defer l.Close()
	if err := c.lunch(); err != nil {
		return err
	}
	tx, err := l.need(ctx)
	if err != nil {
		return err
	}
	return store.Add(ctx, tx, "tea")
}

// LazyTwice needs it a second time, which begins nothing.
func (c Cases) LazyTwice(ctx context.Context) error {
	l := &lazy{d: c.d}
	defer l.Close()
	for range 2 {
		tx, err := l.need(ctx)
		if err != nil {
			return err
		}
		if err := store.Add(ctx, tx, "tea"); err != nil {
			return err
		}
	}
	return l.tx.Commit()
}

// LazyForgets needs it and does not close it.
func (c Cases) LazyForgets(ctx context.Context) error {
	l := &lazy{d: c.d}
	tx, err := l.need(ctx)
	if err != nil {
		return err
	}
	if err := store.Add(ctx, tx, "tea"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return tx.Commit()
}

// closeAll closes what can be closed.
func closeAll(all ...io.Closer) {
	for _, one := range all {
		_ = one.Close()
	}
}

// Closers leaves it to a function that closes anything.
func (c Cases) Closers(ctx context.Context) error {
	l := &lazy{d: c.d}
	tx, err := l.need(ctx)
	if err != nil {
		return err
	}
	defer closeAll(l)
	return store.Add(ctx, tx, "tea")
}

// rollbacker is one method of a transaction.
type rollbacker interface{ Rollback() error }

// undo rolls back anything.
func undo(r rollbacker) { _ = r.Rollback() }

// committer is another.
type committer interface{ Commit() error }

// try commits anything, now and then.
func try(c committer, now bool) error {
	if now {
		return c.Commit()
	}
	return nil
}

// Undone passes it as an interface of one method.
func (c Cases) Undone(ctx context.Context) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	defer undo(tx)
	if err := c.lunch(); err != nil {
		return err
	}
	return tx.Commit()
}

// UndoneBy tries a commit first and rolls back otherwise.
func (c Cases) UndoneBy(ctx context.Context, now bool) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := try(tx, now); err != nil {
		return err
	}
	if !now {
		undo(tx)
	}
	return nil
}

// UndoneNot tries a commit and leaves it at that.
func (c Cases) UndoneNot(ctx context.Context, now bool) error {
	tx, err := c.d.Begin(ctx)
	if err != nil {
		return err
	}
	if err := try(tx, now); err != nil {
		return err
	}
	return nil // want `return leaves transaction tx open`
}

// A pair has two transactions.
type pair struct{ from, to *sql.Tx }

// both begins both, or none.
func (c Cases) both(ctx context.Context) (p pair, err error) {
	if p.from, err = c.d.Begin(ctx); err != nil {
		return pair{}, err
	}
	if p.to, err = c.d.Begin(ctx); err != nil {
		undo(p.from)
		return pair{}, err
	}
	return p, nil
}

// undo rolls back both.
func (p pair) undo() {
	undo(p.from)
	undo(p.to)
}

// Pair undoes both.
func (c Cases) Pair(ctx context.Context) error {
	p, err := c.both(ctx)
	if err != nil {
		return err
	}
	defer p.undo()
	return c.lunch()
}

// PairForgets undoes one of them.
func (c Cases) PairForgets(ctx context.Context) error {
	p, err := c.both(ctx)
	if err != nil {
		return err
	}
	defer undo(p.from)
	if err := c.lunch(); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return p.to.Commit()
}

// one begins the first of a pair and keeps it when there is no second.
func (c Cases) one(ctx context.Context) (p pair, err error) {
	if p.from, err = c.d.Begin(ctx); err != nil {
		return pair{}, err
	}
	if p.to, err = c.d.Begin(ctx); err != nil {
		return pair{}, err // want `return leaves transaction p.from open`
	}
	return p, nil
}

// PairOne is careful; what it calls is not.
func (c Cases) PairOne(ctx context.Context) error {
	p, err := c.one(ctx)
	if err != nil {
		return err
	}
	defer p.undo()
	return p.from.Commit()
}
