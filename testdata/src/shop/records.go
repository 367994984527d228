package shop

import (
	"context"

	"txcases/store"
)

// reader is one of those that there are.
func (c Cases) reader() store.Reader {
	if c.p.Choose() {
		return store.Archive{}
	}
	return store.Table{}
}

// record is a place for a record.
type record struct{ last *store.Record }

// Listed has a record in a map, which leads nowhere.
func (c Cases) Listed(ctx context.Context, known bool) error {
	list := c.list(known)
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	rec, err := store.Read(ctx, tx, "tea")
	if err != nil {
		store.Rollback(tx)
		return err
	}
	list[rec.Name] = *rec
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// list is somebody else's.
func (c Cases) list(known bool) map[string]store.Record {
	if known {
		return map[string]store.Record{"tea": {}}
	}
	return map[string]store.Record{}
}

// Loaded returns a record, and the error beside it, with the transaction open.
func (c Cases) Loaded(ctx context.Context) (*store.Record, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	rec, err := c.reader().Load(ctx, tx, "tea")
	if err != nil {
		store.Rollback(tx)
		return nil, err
	}
	if err := c.stock(); err != nil {
		return rec, err // want `return leaves transaction tx open`
	}
	return rec, tx.Commit()
}

// LoadedWell does not.
func (c Cases) LoadedWell(ctx context.Context) (*store.Record, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Rollback(tx)
	rec, err := c.reader().Load(ctx, tx, "tea")
	if err != nil {
		return nil, err
	}
	if err := c.stock(); err != nil {
		return rec, err
	}
	return rec, tx.Commit()
}

// Last keeps the record where it outlives the call.
func (c Cases) Last(ctx context.Context) error { return c.lastIn(ctx, new(record)) }

func (c Cases) lastIn(ctx context.Context, r *record) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	r.last, err = c.reader().Load(ctx, tx, "tea")
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Sent has the record sent on.
func (c Cases) Sent(ctx context.Context) error {
	records := make(chan *store.Record, 1)
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	rec, err := c.reader().Load(ctx, tx, "tea")
	if err != nil {
		store.Rollback(tx)
		return err
	}
	records <- rec
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Scanned returns a cursor, which has the transaction.
func (c Cases) Scanned(ctx context.Context) (*store.Cursor, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	cur, err := c.reader().Scan(ctx, tx)
	if err != nil {
		store.Rollback(tx)
		return nil, err
	}
	return cur, nil
}

// Ticketed returns a number, by which somebody knows the transaction.
func (c Cases) Ticketed(ctx context.Context) (store.Ticket, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return store.Ticket{}, err
	}
	return c.reader().Hold(tx), nil
}

// Undone returns what ends the transaction beside a name.
func (c Cases) Undone(ctx context.Context) (store.Undo, error) {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return store.Undo{}, err
	}
	return c.reader().Under(tx), nil
}
