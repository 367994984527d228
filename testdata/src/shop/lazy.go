package shop

import (
	"context"

	"txcases/store"
)

// LazyRounds asks a lazy store in each round.
func (c Cases) LazyRounds(ctx context.Context, names []string) error {
	l := c.s.Lazy()
	for _, name := range names {
		tx, err := l.Tx(ctx)
		if err != nil {
			return err
		}
		if err := store.Add(ctx, tx, name); err != nil {
			return l.End(err)
		}
	}
	return l.End(nil)
}

// LazyRoundsForgets leaves a round with the transaction.
func (c Cases) LazyRoundsForgets(ctx context.Context, names []string) error {
	l := c.s.Lazy()
	for _, name := range names {
		tx, err := l.Tx(ctx)
		if err != nil {
			return err
		}
		if err := store.Add(ctx, tx, name); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return l.End(nil)
}

// LazyDeferred ends it last.
func (c Cases) LazyDeferred(ctx context.Context) (err error) {
	l := c.s.Lazy()
	defer func() { err = l.End(err) }()
	if err := fetch(ctx, l); err != nil {
		return err
	}
	return fetch(ctx, l)
}

func fetch(ctx context.Context, l *store.Lazy) error {
	tx, err := l.Tx(ctx)
	if err != nil {
		return err
	}
	return store.Add(ctx, tx, "tea")
}

// FlaggedRounds asks one with a flag.
func (c Cases) FlaggedRounds(ctx context.Context, names []string) error {
	f := c.s.Flagged()
	for _, name := range names {
		tx, err := f.Tx(ctx)
		if err != nil {
			return err
		}
		if err := store.Add(ctx, tx, name); err != nil {
			return f.End(err)
		}
	}
	return f.End(nil)
}

// FlaggedForgets is out of stock before it ends.
func (c Cases) FlaggedForgets(ctx context.Context) error {
	f := c.s.Flagged()
	tx, err := f.Tx(ctx)
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return f.End(store.Add(ctx, tx, "tea"))
}
