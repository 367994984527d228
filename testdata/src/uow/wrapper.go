package uow

import (
	"context"
	"database/sql"
	"errors"
)

// DB is a database whose transactions have hooks.
type DB struct{ *sql.DB }

// Tx is a transaction with functions that run after its end.
type Tx struct {
	*sql.Tx
	after []func()
	done  bool
}

// BeginTx hides the method of the embedded database.
func (db *DB) BeginTx(ctx context.Context) (*Tx, error) {
	tx, err := db.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Tx{Tx: tx}, nil
}

// After has f run after the end.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Commit hides the method of the embedded transaction.
func (tx *Tx) Commit() error {
	err := tx.Tx.Commit()
	tx.finished()
	return err
}

// Close rolls back.
func (tx *Tx) Close() error {
	if tx.done {
		return nil
	}
	defer tx.finished()
	return tx.Rollback()
}

func (tx *Tx) finished() {
	tx.done = true
	for _, f := range tx.after {
		f()
	}
}

// Hooked closes the wrapper.
func (c Cases) Hooked(ctx context.Context) error {
	db := &DB{c.p.DB}
	tx, err := db.BeginTx(ctx)
	if err != nil {
		return err
	}
	defer tx.Close()
	n := 0
	tx.After(func() { n++ })
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err
	}
	return tx.Commit()
}

// HookedNot adds a hook and forgets the rest.
func (c Cases) HookedNot(ctx context.Context) error {
	db := &DB{c.p.DB}
	tx, err := db.BeginTx(ctx)
	if err != nil {
		return err
	}
	n := 0
	tx.After(func() { n++ })
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Promoted ends it by the method of the field.
func (c Cases) Promoted(ctx context.Context) error {
	tx, err := (&DB{c.p.DB}).BeginTx(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Tx.Commit()
}

// PromotedBegin begins by the method of the embedded database.
func (c Cases) PromotedBegin() error {
	db := &DB{c.p.DB}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Savings is a repository over a wrapper.
type Savings struct {
	tx  *Tx
	who string
}

// NewSavings returns the savings of somebody, inside a transaction.
func NewSavings(tx *Tx, who string) *Savings { return &Savings{tx: tx, who: who} }

// Withdraw takes one away.
func (s *Savings) Withdraw(ctx context.Context) error {
	_, err := s.tx.ExecContext(ctx, "UPDATE savings SET n = n - 1 WHERE who = ?", s.who)
	return err
}

// Cancel rolls back two fields deep.
func (s *Savings) Cancel() { _ = s.tx.Rollback() }

// Saved cancels through the repository.
func (c Cases) Saved(ctx context.Context) error {
	tx, err := (&DB{c.p.DB}).BeginTx(ctx)
	if err != nil {
		return err
	}
	s := NewSavings(tx, "me")
	if err := s.Withdraw(ctx); err != nil {
		s.Cancel()
		return err
	}
	return tx.Commit()
}

// SavedNot only withdraws.
func (c Cases) SavedNot(ctx context.Context) error {
	tx, err := (&DB{c.p.DB}).BeginTx(ctx)
	if err != nil {
		return err
	}
	s := NewSavings(tx, "me")
	if err := s.Withdraw(ctx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// value is a wrapper that is passed around by value.
type value struct {
	tx  *sql.Tx
	log *[]string
}

func (c Cases) value(ctx context.Context) (v value, err error) {
	v.log = new([]string)
	v.tx, err = c.p.DB.BeginTx(ctx, nil)
	return v, err
}

// end ends it and says how.
func (v value) end(err error) error {
	if err != nil {
		*v.log = append(*v.log, "rollback")
		_ = v.tx.Rollback()
		return err
	}
	*v.log = append(*v.log, "commit")
	return v.tx.Commit()
}

// ByValue has a struct for a transaction.
func (c Cases) ByValue(ctx context.Context) error {
	v, err := c.value(ctx)
	if err != nil {
		return err
	}
	_, err = v.tx.ExecContext(ctx, "DELETE FROM items")
	return v.end(err)
}

// ByValueNot ends it only in good times.
func (c Cases) ByValueNot(ctx context.Context) error {
	v, err := c.value(ctx)
	if err != nil {
		return err
	}
	if _, err = v.tx.ExecContext(ctx, "DELETE FROM items"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return v.end(nil)
}

// Both returns the wrapper and what it wraps.
func (c Cases) both(ctx context.Context) (*Savings, *Tx, error) {
	tx, err := (&DB{c.p.DB}).BeginTx(ctx)
	if err != nil {
		return nil, nil, err
	}
	return NewSavings(tx, "both"), tx, nil
}

// EitherHandle ends the one transaction by two names.
func (c Cases) EitherHandle(ctx context.Context) error {
	s, tx, err := c.both(ctx)
	if err != nil {
		return err
	}
	if err := s.Withdraw(ctx); err != nil {
		s.Cancel()
		return err
	}
	return tx.Commit()
}

// EitherHandleNot has two names and uses neither.
func (c Cases) EitherHandleNot(ctx context.Context) error {
	s, tx, err := c.both(ctx)
	if err != nil {
		return err
	}
	if err := s.Withdraw(ctx); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return tx.Commit()
}
