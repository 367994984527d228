package idioms

import (
	"database/sql"
	"sync"
)

// A safe has one transaction for each name, whoever comes first.
type safe struct{ byName sync.Map }

func (s *safe) open(db *sql.DB, name string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, loaded := s.byName.LoadOrStore(name, tx); loaded {
		return tx.Rollback()
	}
	return nil
}

func (s *safe) replace(db *sql.DB, name string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return err // want `return leaves transaction tx open: db.Begin on line \d+ is neither committed nor rolled back when err != nil`
	}
	if old, had := s.byName.Swap(name, tx); had {
		_ = old.(*sql.Tx).Rollback()
	}
	return nil
}

func (s *safe) close() {
	s.byName.Range(func(_, tx any) bool {
		_ = tx.(*sql.Tx).Rollback()
		return true
	})
}

// SafeOnce opens the same twice.
func (c Cases) SafeOnce() error {
	var s safe
	defer s.close()
	if err := s.open(c.p.DB, "a"); err != nil {
		return err
	}
	return s.open(c.p.DB, "a")
}

// SafeReplaced puts another one there.
func (c Cases) SafeReplaced() error {
	var s safe
	defer s.close()
	if err := s.open(c.p.DB, "a"); err != nil {
		return err
	}
	return s.replace(c.p.DB, "a")
}
