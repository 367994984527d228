package dock

import (
	"context"

	"txcases/users"
)

// Registers ends by what is embedded in what is behind the interface.
func (c Cases) Registers(ctx context.Context) error {
	return c.registers(ctx, users.NewStore(c.p.DB))
}

func (c Cases) registers(ctx context.Context, store users.Store) (err error) {
	tx, err := store.Transact(ctx)
	if err != nil {
		return err
	}
	defer func() { err = tx.Done(err) }()
	if c.p.Choose() {
		return errFull
	}
	return tx.Add(ctx, "Ada")
}

// RegistersForgets forgets it where there is no room.
func (c Cases) RegistersForgets(ctx context.Context) error {
	return c.registersForgets(ctx, users.NewStore(c.p.DB))
}

func (c Cases) registersForgets(ctx context.Context, store users.Store) error {
	tx, err := store.Transact(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull // want `return leaves transaction tx open`
	}
	return tx.Done(tx.Add(ctx, "Ada"))
}
