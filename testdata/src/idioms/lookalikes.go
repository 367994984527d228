package idioms

import (
	"context"
	"database/sql"
)

// Tx returns the transaction that was kept last. It begins none.
func (k *kept) Tx() *sql.Tx { return k.last }

// BeginTx does not begin one either: whoever comes second gets that of the first.
func (k *kept) BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error) {
	if k.last == nil {
		return nil, sql.ErrTxDone
	}
	return k.last, nil
}

// Getter works on a transaction that another ends.
func (c Cases) Getter() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	c.kept.last = tx
	return c.useKept()
}

func (c Cases) useKept() error {
	tx := c.kept.Tx()
	if tx == nil {
		return errInput // not reached
	}
	if err := add(tx, "one"); err != nil {
		return err
	}
	return add(tx, "two")
}

// Shared works on what a method called BeginTx returns.
func (c Cases) Shared(ctx context.Context) error {
	tx, err := c.kept.BeginTx(ctx, nil)
	if err == nil {
		return add(tx, "one") // not reached
	}
	if c.kept.last, err = c.p.DB.Begin(); err != nil {
		return err
	}
	if tx, err = c.kept.BeginTx(ctx, nil); err != nil {
		return err // not reached
	}
	return add(tx, "two")
}

// Unshared begins one beside that.
func (c Cases) Unshared(ctx context.Context) error {
	if _, err := c.kept.BeginTx(ctx, nil); err == nil {
		return nil // not reached
	}
	own, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := add(own, "one"); err != nil {
		return err // want `return leaves transaction own open`
	}
	return own.Commit()
}

// span is no transaction, although it begins and can be rolled back.
type span struct{ names []string }

// Begin begins a span.
func (s *span) Begin() (*span, error) {
	if len(s.names) > 2 {
		return nil, errQuota // not reached
	}
	return &span{names: s.names}, nil
}

// Commit keeps the names.
func (s *span) Commit() error { return nil }

// Rollback drops them.
func (s *span) Rollback() error {
	s.names = nil
	return nil
}

// Span begins what needs no end.
func (c Cases) Span() error {
	s, err := (&span{}).Begin()
	if err != nil {
		return err // not reached
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.Commit()
}

// SpanInside begins one inside a transaction, and ends the wrong one.
func (c Cases) SpanInside() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	s, err := (&span{}).Begin()
	if err != nil {
		return tx.Rollback() // not reached
	}
	if err := add(tx, "one"); err != nil {
		_ = s.Rollback()
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// shared is a transaction in the hands of several.
type shared struct {
	*sql.Tx
	users int
}

// share returns the transaction for one user more. It begins none.
func share(tx *sql.Tx, users int) *shared { return &shared{Tx: tx, users: users + 1} }

// Decorated works on a decorated transaction.
func (c Cases) Decorated() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	s := share(tx, 0)
	if _, err := s.Exec("DELETE FROM names"); err != nil {
		return err
	}
	return s.Commit()
}

// DecoratedOnly ends neither the one nor the other.
func (c Cases) DecoratedOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	s := share(tx, 0)
	if _, err := s.Exec("DELETE FROM names"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return s.Commit()
}

// Unpacked asks the context of a request for the transaction.
func (c Cases) Unpacked(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	c.kept.Set("tx", tx)
	if tx, ok := c.kept.Get("tx").(*sql.Tx); ok {
		return add(tx, "one")
	}
	return errInput // not reached
}
