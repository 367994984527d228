package shop

import (
	"context"

	"txcases/store"
)

// Folder closes what an option has given it.
func (c Cases) Folder(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	f := store.NewFolder(store.Own(tx))
	defer f.Close()
	if err := f.Add(ctx, "tea"); err != nil {
		return err
	}
	return f.Keep()
}

// FolderForgets closes it nowhere.
func (c Cases) FolderForgets(ctx context.Context) error {
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	f := store.NewFolder(store.Own(tx))
	if err := f.Add(ctx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return f.Keep()
}

// FolderSet sets the option later.
func (c Cases) FolderSet(ctx context.Context) error {
	f := store.NewFolder()
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	f.Set(store.Own(tx))
	return f.Keep()
}

// FolderSetLate does so when all went well.
func (c Cases) FolderSetLate(ctx context.Context) error {
	f := store.NewFolder()
	tx, err := c.s.Begin(ctx)
	if err != nil {
		return err
	}
	if err := c.stock(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	f.Set(store.Own(tx))
	return f.Keep()
}
