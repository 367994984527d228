package uow

import (
	"context"
	"database/sql"
	"sync"
)

// A Helper ends a transaction by an error that it looks at when it is asked to.
type Helper struct {
	tx  *sql.Tx
	err *error
}

// NewHelper returns a helper that watches err.
func NewHelper(tx *sql.Tx, err *error) *Helper { return &Helper{tx: tx, err: err} }

// End commits, or rolls back when there was an error.
func (h *Helper) End() {
	if *h.err != nil {
		_ = h.tx.Rollback()
		return
	}
	*h.err = h.tx.Commit()
}

// Fail rolls back when there was an error.
func (h *Helper) Fail() {
	if *h.err != nil {
		_ = h.tx.Rollback()
	}
}

// Helped defers the helper's end.
func (c Cases) Helped(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	h := NewHelper(tx, &err)
	defer h.End()
	_, err = tx.ExecContext(ctx, "DELETE FROM items")
	return err
}

// HelpedLate makes the helper before there is anything to help with.
func (c Cases) HelpedLate(ctx context.Context) (err error) {
	h := &Helper{err: &err}
	defer func() {
		if h.tx != nil {
			h.End()
		}
	}()
	if h.tx, err = c.p.DB.BeginTx(ctx, nil); err != nil {
		return err
	}
	_, err = h.tx.ExecContext(ctx, "DELETE FROM items")
	return err
}

// HelpedFailed has the helper look after errors only.
func (c Cases) HelpedFailed(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer NewHelper(tx, &err).Fail()
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err
	}
	return tx.Commit()
}

// HelpedFailedNot shows it a variable that stays nil.
func (c Cases) HelpedFailedNot(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer NewHelper(tx, &err).Fail()
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// HelpedNot makes a helper and does not defer it.
func (c Cases) HelpedNot(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	h := NewHelper(tx, &err)
	if _, err = tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	h.End()
	return err
}

// A Manager makes transactions and knows how to end them.
type Manager struct {
	db *sql.DB
	mu sync.Mutex
	n  int
}

// enter begins. The function it returns decides by the error at the end.
func (m *Manager) enter(ctx context.Context, err *error) (*sql.Tx, func()) {
	m.mu.Lock()
	m.n++
	m.mu.Unlock()
	tx, failed := m.db.BeginTx(ctx, nil)
	if failed != nil {
		*err = failed
		return nil, func() {}
	}
	return tx, func() {
		if *err != nil {
			_ = tx.Rollback()
		} else {
			*err = tx.Commit()
		}
	}
}

// Managed enters and leaves in one line.
func (c Cases) Managed(ctx context.Context) (err error) {
	m := &Manager{db: c.p.DB}
	tx, leave := m.enter(ctx, &err)
	defer leave()
	if tx == nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM items")
	return err
}

// ManagedNot leaves some time later.
func (c Cases) ManagedNot(ctx context.Context) (err error) {
	m := &Manager{db: c.p.DB}
	tx, leave := m.enter(ctx, &err)
	if tx == nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	leave()
	return err
}

// A Box holds anything that can be ended.
type Box[T ends] struct {
	In   T
	used bool
}

type ends interface {
	Commit() error
	Rollback() error
}

// Put puts it into a box.
func Put[T ends](v T) *Box[T] { return &Box[T]{In: v} }

// Take takes it out again, when nobody has done so.
func (b *Box[T]) Take() (v T, ok bool) {
	if b.used {
		return v, false // not reached
	}
	b.used = true
	return b.In, true
}

// Empty rolls back.
func (b *Box[T]) Empty() { _ = b.In.Rollback() }

// finish is a generic finisher.
func finish[T ends](v T, err error) error {
	if err != nil {
		_ = v.Rollback()
		return err
	}
	return v.Commit()
}

// attempt is a generic finisher that finishes half of the time.
func attempt[T ends](v T, err error) error {
	if err == nil {
		return v.Commit()
	}
	return err
}

// Finished finishes by a generic function.
func (c Cases) Finished(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM items")
	return finish(tx, err)
}

// FinishedWrapper does so at another type.
func (c Cases) FinishedWrapper(ctx context.Context) error {
	tx, err := (&DB{c.p.DB}).BeginTx(ctx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM items")
	return finish(tx, err)
}

// Attempted takes the one for the other.
func (c Cases) Attempted(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM items")
	return attempt(tx, err) // want `return leaves transaction tx open`
}

// Boxed empties the box.
func (c Cases) Boxed(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	b := Put(tx)
	defer b.Empty()
	if _, err := b.In.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err
	}
	return tx.Commit()
}

// BoxedNot takes it out and forgets it.
func (c Cases) BoxedNot(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	b := Put(tx)
	if out, ok := b.Take(); ok {
		if _, err := out.ExecContext(ctx, "DELETE FROM items"); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// opened begins anything and puts it into a box.
func opened[T ends](begin func() (T, error)) (*Box[T], error) {
	v, err := begin()
	if err != nil {
		return nil, err
	}
	return Put(v), nil
}

// BoxedBegin boxes what a function begins.
func (c Cases) BoxedBegin(ctx context.Context) error {
	b, err := opened(c.p.DB.Begin)
	if err != nil {
		return err
	}
	defer b.Empty()
	if _, err := b.In.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err
	}
	return b.In.Commit()
}

// Stored puts it into a box that its caller gets, and only into that.
func (c Cases) Stored(ctx context.Context) (*Box[*sql.Tx], error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return nil, finish(tx, err)
	}
	return Put(tx), nil
}

// StoredNot puts it there too late.
func (c Cases) StoredNot(ctx context.Context) (*Box[*sql.Tx], error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return Put(tx), nil
}
