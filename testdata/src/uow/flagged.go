package uow

import (
	"context"
	"database/sql"
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
