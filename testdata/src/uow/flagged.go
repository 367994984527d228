package uow

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
)

// A Session rolls back when it is closed, unless it has been committed.
type Session struct {
	tx   *sql.Tx
	done bool
}

func openSession(ctx context.Context, db *sql.DB) (*Session, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Session{tx: tx}, nil
}

// Commit commits.
func (s *Session) Commit() error {
	s.done = true
	return s.tx.Commit()
}

// Close rolls back what is not committed.
func (s *Session) Close() {
	if !s.done {
		_ = s.tx.Rollback()
	}
}

// SessionClosed defers the Close.
func (c Cases) SessionClosed(ctx context.Context) error {
	s, err := openSession(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.tx.ExecContext(ctx, "UPDATE items SET n = 1"); err != nil {
		return err
	}
	return s.Commit()
}

// SessionOpen forgets it: the Close of the session is what it lacks.
func (c Cases) SessionOpen(ctx context.Context) error {
	s, err := openSession(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(ctx, "UPDATE items SET n = 1"); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.Commit()
}

// A Lazy is closed only if it is told that something went wrong.
type Lazy struct {
	tx     *sql.Tx
	failed bool
}

// Close rolls back what has failed.
func (l *Lazy) Close() {
	if l.failed {
		_ = l.tx.Rollback()
	}
}

func openLazy(ctx context.Context, db *sql.DB) (*Lazy, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Lazy{tx: tx}, nil
}

// LazyOpen needs more than the Close.
func (c Cases) LazyOpen(ctx context.Context) error {
	l, err := openLazy(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer l.Close()
	if _, err := l.tx.ExecContext(ctx, "UPDATE items SET n = 1"); err != nil {
		l.failed = true
		return err
	}
	if c.p.Choose() {
		return errVersion // want `return leaves transaction l open`
	}
	return l.tx.Commit()
}

// A Visit ends by the rollback of the package.
type Visit struct {
	tx   *sql.Tx
	done bool
}

func visit(ctx context.Context, db *sql.DB) (*Visit, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Visit{tx: tx}, nil
}

func undo(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		slog.Error("rollback", "err", err)
	}
}

// Commit commits.
func (v *Visit) Commit() error {
	v.done = true
	return v.tx.Commit()
}

// Close rolls back what is not committed.
func (v *Visit) Close() {
	if !v.done {
		undo(v.tx)
	}
}

// VisitClosed defers the Close.
func (c Cases) VisitClosed(ctx context.Context) error {
	v, err := visit(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer v.Close()
	if _, err := v.tx.ExecContext(ctx, "UPDATE items SET n = 1"); err != nil {
		return err
	}
	return v.Commit()
}

// VisitOpen forgets it.
func (c Cases) VisitOpen(ctx context.Context) error {
	v, err := visit(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if _, err := v.tx.ExecContext(ctx, "UPDATE items SET n = 1"); err != nil {
		return err // want `return leaves transaction v open`
	}
	return v.Commit()
}

// VisitEach does in rounds.
func (c Cases) VisitEach(ctx context.Context) error {
	for range c.p.Pick(3) {
		v, err := visit(ctx, c.p.DB)
		if err != nil {
			return err
		}
		if _, err := v.tx.ExecContext(ctx, "UPDATE items SET n = 1"); err != nil {
			return err // want `return leaves transaction v open`
		}
		if err := v.Commit(); err != nil {
			return err
		}
	}
	return nil
}
