package shop

import (
	"context"
	"database/sql"

	"txcases/store"
)

// cellar is a source of package store's.
type cellar struct{ c Cases }

// BeginTx begins a transaction.
func (s cellar) BeginTx(ctx context.Context) (store.SourceTx, error) {
	tx, err := s.c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return cellarTx{tx}, nil
}

// Begin begins a section.
func (s cellar) Begin(context.Context, string) (store.Section, error) {
	if err := s.c.stock(); err != nil {
		return nil, err
	}
	return section{s.c}, nil
}

// Name returns the name.
func (s cellar) Name() string { return "cellar" }

type cellarTx struct{ tx *sql.Tx }

func (t cellarTx) Put(ctx context.Context, name string) error { return store.Add(ctx, t.tx, name) }
func (t cellarTx) Commit(context.Context) error               { return t.tx.Commit() }
func (t cellarTx) Rollback(context.Context) error             { return t.tx.Rollback() }

type section struct{ c Cases }

func (s section) Write(string) error { return s.c.stock() }
func (s section) End() error         { return nil }

// Copies has one item copied.
func (c Cases) Copies(ctx context.Context) error {
	return store.Copy(ctx, cellar{c}, "tea")
}

// CopiesAll has them copied by a function that is careless.
func (c Cases) CopiesAll(ctx context.Context) error {
	return store.CopyAll(ctx, cellar{c}, "tea")
}

// Reports has a report written.
func (c Cases) Reports(ctx context.Context) error {
	return store.Report(ctx, cellar{c})
}

// BeginsIn ends what was begun in the cellar.
func (c Cases) BeginsIn(ctx context.Context) error {
	tx, err := store.BeginIn(ctx, cellar{c})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := c.stock(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// BeginsInForgets leaves it in there.
func (c Cases) BeginsInForgets(ctx context.Context) error {
	tx, err := store.BeginIn(ctx, cellar{c})
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}
