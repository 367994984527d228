package store

import "context"

// A Source is where items come from. Its implementations are elsewhere.
type Source interface {
	BeginTx(ctx context.Context) (SourceTx, error)
	Begin(ctx context.Context, section string) (Section, error)
	Name() string
}

// SourceTx is a transaction of a Source.
type SourceTx interface {
	Put(ctx context.Context, name string) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

// Section is a part of a report.
type Section interface {
	Write(line string) error
	End() error
}

// Copy puts an item into a source.
func Copy(ctx context.Context, to Source, name string) error {
	tx, err := to.BeginTx(ctx)
	if err != nil {
		return err
	}
	if err := tx.Put(ctx, name); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

// CopyAll puts items into a source, and forgets them all when one is bad.
func CopyAll(ctx context.Context, to Source, names ...string) error {
	tx, err := to.BeginTx(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := tx.Put(ctx, name); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit(ctx)
}

// BeginIn begins a transaction in a source, for the caller.
func BeginIn(ctx context.Context, in Source) (SourceTx, error) {
	tx, err := in.BeginTx(ctx)
	if err != nil {
		return nil, err
	}
	if err := tx.Put(ctx, in.Name()); err != nil {
		_ = tx.Rollback(ctx)
		return nil, err
	}
	return tx, nil
}

// Report writes a section, which is no transaction although it begins.
func Report(ctx context.Context, to Source) error {
	s, err := to.Begin(ctx, "items")
	if err != nil {
		return err
	}
	if err := s.Write("none"); err != nil {
		return err
	}
	return s.End()
}
