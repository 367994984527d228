package gate

import (
	"context"
	"database/sql"
	"errors"
)

// A counter has functions that are stored in one place.
type counter struct {
	newTx  func(ctx context.Context) (*sql.Tx, error)
	fetch  func(ctx context.Context) (*till, error)
	settle func(t *till, err error) error
	note   func(t *till)
	check  func(t *till) error
	either func(ctx context.Context) (*till, error)
	notes  int
}

// A till has a transaction.
type till struct {
	tx    *sql.Tx
	noted bool
}

func (t *till) shut(err error) error {
	if err != nil {
		_ = t.tx.Rollback()
		return err
	}
	return t.tx.Commit()
}

type drawers struct{ db *sql.DB }

func (d *drawers) fetch(ctx context.Context) (*till, error) {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &till{tx: tx}, nil
}

func newCounter(db *sql.DB, given func(ctx context.Context) (*till, error)) *counter {
	n := &counter{
		newTx:  func(ctx context.Context) (*sql.Tx, error) { return db.BeginTx(ctx, nil) },
		fetch:  (&drawers{db}).fetch,
		settle: (*till).shut,
		check:  func(*till) error { return nil },
		either: func(context.Context) (*till, error) { return &till{}, nil },
	}
	n.note = func(t *till) {
		n.notes++
		t.noted = true
	}
	if given != nil {
		n.either = given
	}
	return n
}

// AssignedForgets begins by a literal.
func (c Cases) AssignedForgets(ctx context.Context) error {
	return newCounter(c.p.DB, nil).sellForgets(ctx, c.p.Choose())
}

func (n *counter) sellForgets(ctx context.Context, shut bool) error {
	tx, err := n.newTx(ctx)
	if err != nil {
		return err
	}
	if shut {
		return errShut // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// AssignedMethodForgets begins by a method, and notes that.
func (c Cases) AssignedMethodForgets(ctx context.Context) error {
	return newCounter(c.p.DB, nil).countForgets(ctx, c.p.Choose())
}

func (n *counter) countForgets(ctx context.Context, shut bool) error {
	t, err := n.fetch(ctx)
	if err != nil {
		return err
	}
	n.note(t)
	if shut {
		return errShut // want `return leaves transaction t open`
	}
	return n.settle(t, nil)
}

// AssignedMethod ends by a field as well.
func (c Cases) AssignedMethod(ctx context.Context) error {
	return newCounter(c.p.DB, nil).count(ctx, c.p.Choose())
}

func (n *counter) count(ctx context.Context, shut bool) (err error) {
	t, err := n.fetch(ctx)
	if err != nil {
		return err
	}
	defer func() { err = n.settle(t, err) }()
	n.note(t)
	if shut {
		return errShut
	}
	_, err = t.tx.ExecContext(ctx, "UPDATE tills SET n = n + 1")
	return err
}

// AssignedChecks asks what never fails.
func (c Cases) AssignedChecks(ctx context.Context) error { return newCounter(c.p.DB, nil).checked(ctx) }

func (n *counter) checked(ctx context.Context) error {
	t, err := n.fetch(ctx)
	if err != nil {
		return err
	}
	if err := n.check(t); err != nil {
		return err // not reached
	}
	return n.settle(t, nil)
}

// AssignedEither asks a field that may have a function of others.
func (c Cases) AssignedEither(ctx context.Context) error {
	failing := func(context.Context) (*till, error) { return nil, errors.New("none") }
	return errors.Join(newCounter(c.p.DB, nil).idle(ctx), newCounter(c.p.DB, failing).idle(ctx))
}

func (n *counter) idle(ctx context.Context) error {
	t, err := n.either(ctx)
	if err != nil {
		return err
	}
	t.noted = true
	return nil
}

// A giver has a function that begins, and that of a lender where it was one.
type giver struct{ get func() (*sql.Tx, error) }

// A lender lends a transaction of somebody else's.
type lender struct{ get func() (*sql.Tx, error) }

func newGiver(db *sql.DB) giver {
	return giver{get: func() (*sql.Tx, error) { return db.Begin() }}
}

func newLender(tx *sql.Tx) *lender {
	l := &lender{get: func() (*sql.Tx, error) { return nil, sql.ErrConnDone }} // not reached
	if tx != nil {
		l.get = func() (*sql.Tx, error) { return tx, nil }
	}
	return l
}

func (l *lender) sell() error {
	tx, err := (*giver)(l).get()
	if err != nil {
		return err // not reached
	}
	_, err = tx.Exec("UPDATE a SET b = 1")
	return err
}

// AssignedConverted is sound: what is taken for a function that begins is another one.
func (c Cases) AssignedConverted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := newLender(tx).sell(); err != nil {
		return err
	}
	return tx.Commit()
}

// AssignedUnconverted begins by it.
func (c Cases) AssignedUnconverted() error {
	g := newGiver(c.p.DB)
	tx, err := g.get()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
