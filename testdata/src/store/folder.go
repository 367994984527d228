package store

import (
	"context"
	"database/sql"
)

// A Folder writes where its options say.
type Folder struct {
	tx  *sql.Tx
	own bool
}

// A FolderOption changes a folder.
type FolderOption func(*Folder)

// Own has the folder write in a transaction, and end it.
func Own(tx *sql.Tx) FolderOption {
	return func(f *Folder) { f.tx, f.own = tx, true }
}

// NewFolder makes one.
func NewFolder(options ...FolderOption) *Folder {
	f := new(Folder)
	for _, o := range options {
		o(f)
	}
	return f
}

// Set changes it.
func (f *Folder) Set(options ...FolderOption) {
	for _, o := range options {
		o(f)
	}
}

// Add writes a name.
func (f *Folder) Add(ctx context.Context, name string) error { return Add(ctx, f.tx, name) }

// Keep commits.
func (f *Folder) Keep() error { return f.tx.Commit() }

// Close rolls back what is its own.
func (f *Folder) Close() {
	if f.own {
		_ = f.tx.Rollback()
	}
}
