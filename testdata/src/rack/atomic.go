package rack

import (
	"database/sql"
	"sync/atomic"
)

// A Session has at most one transaction, which whoever comes first ends.
type Session struct {
	db *sql.DB
	tx atomic.Pointer[sql.Tx]
}

// NewSession makes one.
func NewSession(db *sql.DB) *Session { return &Session{db: db} }

// Start begins.
func (s *Session) Start() error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	s.tx.Store(tx)
	return nil
}

// Exec executes.
func (s *Session) Exec(query string) error {
	tx := s.tx.Load()
	if tx == nil {
		return ErrEmpty // not reached
	}
	_, err := tx.Exec(query)
	return err
}

// Commit commits.
func (s *Session) Commit() error {
	tx := s.tx.Swap(nil)
	if tx == nil {
		return ErrEmpty // not reached
	}
	return tx.Commit()
}

// Abort rolls back what has not been ended.
func (s *Session) Abort() {
	tx := s.tx.Load()
	if tx != nil && s.tx.CompareAndSwap(tx, nil) {
		_ = tx.Rollback()
	}
}

// A Cell has whatever is stored in it.
type Cell struct{ v atomic.Value }

// Fill begins.
func Fill(db *sql.DB) (*Cell, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	c := &Cell{}
	c.v.Store(tx)
	return c, nil
}

func (c *Cell) tx() (*sql.Tx, bool) {
	tx, ok := c.v.Load().(*sql.Tx)
	return tx, ok
}

// Drain rolls back.
func (c *Cell) Drain() error {
	tx, ok := c.tx()
	if !ok {
		return ErrEmpty // not reached
	}
	return tx.Rollback()
}

// A Lease leads to its transaction by an atomic pointer to a struct.
type Lease struct {
	current atomic.Pointer[lease]
}

type lease struct {
	name string
	tx   *sql.Tx
}

// Take begins.
func Take(db *sql.DB, name string) (*Lease, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	l := new(Lease)
	l.current.Store(&lease{name, tx})
	return l, nil
}

// Release commits or rolls back.
func (l *Lease) Release(ok bool) error {
	held := l.current.Swap(nil)
	if held == nil {
		return ErrEmpty // not reached
	}
	if ok {
		return held.tx.Commit()
	}
	return held.tx.Rollback()
}
