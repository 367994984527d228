package store

import (
	"context"
	"database/sql"
	"sync"
)

var (
	cleanupsMu sync.Mutex
	cleanups   = map[*sql.DB][]func(){}
)

// BeginCleaned begins a transaction that Clean rolls back, unless somebody else does.
func (s *Store) BeginCleaned(ctx context.Context) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	cleanupsMu.Lock()
	defer cleanupsMu.Unlock()
	cleanups[s.db] = append(cleanups[s.db], func() { _ = tx.Rollback() })
	return tx, nil
}

// Clean rolls back what is left of the transactions on a database.
func Clean(db *sql.DB) {
	cleanupsMu.Lock()
	defer cleanupsMu.Unlock()
	for _, f := range cleanups[db] {
		f()
	}
	delete(cleanups, db)
}

// BeginNoted begins a transaction and notes that there is one, which ends nothing.
func (s *Store) BeginNoted(ctx context.Context) (*sql.Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	cleanupsMu.Lock()
	defer cleanupsMu.Unlock()
	cleanups[s.db] = append(cleanups[s.db], func() {})
	return tx, nil
}
