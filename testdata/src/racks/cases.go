package racks

import (
	"context"
	"errors"

	"txcases/rack"
)

var errStopped = errors.New("stopped")

// Joined is sound: what is deferred ends all shards (T10).
func (c Cases) Joined(ctx context.Context) error {
	co := &rack.Coordinator{}
	defer co.Rollback()
	if err := co.Join(ctx, c.p.DB); err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped
	}
	return co.Commit()
}

// JoinedEarly ends the shards behind its first return only.
func (c Cases) JoinedEarly(ctx context.Context) error {
	co := &rack.Coordinator{}
	if err := co.Join(ctx, c.p.DB); err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction co open`
	}
	return co.Commit()
}

// JoinedCounted asks how many there are.
func (c Cases) JoinedCounted(ctx context.Context) error {
	co := &rack.Coordinator{}
	if err := co.Join(ctx, c.p.DB); err != nil {
		return err
	}
	if co.Len() > 1 {
		return errStopped // not reached
	}
	return co.Commit()
}

// Begun is sound: the transaction is the coordinator's as well.
func (c Cases) Begun(ctx context.Context) error {
	co := &rack.Coordinator{}
	defer co.Rollback()
	from, err := co.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if _, err := from.ExecContext(ctx, "UPDATE a SET b = 1"); err != nil {
		return err
	}
	return co.Commit()
}

// BegunEarly forgets it where the statement fails.
func (c Cases) BegunEarly(ctx context.Context) error {
	co := &rack.Coordinator{}
	from, err := co.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if _, err := from.ExecContext(ctx, "UPDATE a SET b = 1"); err != nil {
		return err // want `return leaves transaction from open`
	}
	return co.Commit()
}

// Looked is sound: it ends what the coordinator yields.
func (c Cases) Looked(ctx context.Context) error {
	co := &rack.Coordinator{}
	if err := co.Join(ctx, c.p.DB); err != nil {
		return err
	}
	for _, tx := range co.All() {
		_ = tx.Rollback()
	}
	return nil
}

// Sharded is sound: all shards join, and are ended together.
func (c Cases) Sharded(ctx context.Context) error {
	co := &rack.Coordinator{}
	defer co.Rollback()
	for range 2 {
		if err := co.Join(ctx, c.p.DB); err != nil {
			return err
		}
	} // limit L4 misses `next iteration leaves transaction co open`
	return co.Commit()
}

// service has its coordinator in a field.
type service struct {
	co *rack.Coordinator
}

func (s *service) start(ctx context.Context, c Cases) error { return s.co.Join(ctx, c.p.DB) }

func (s *service) stop() { s.co.Rollback() }

// Serviced is sound: the object that has the coordinator ends it.
func (c Cases) Serviced(ctx context.Context) error {
	s := &service{co: &rack.Coordinator{}}
	if err := s.start(ctx, c); err != nil {
		return err
	}
	defer s.stop()
	if c.p.Choose() {
		return errStopped
	}
	return s.co.Commit()
}

// Stacked is sound: the last of the stack is ended.
func (c Cases) Stacked() error {
	s, err := rack.Open(c.p.DB)
	if err != nil {
		return err
	}
	return s.End(c.p.Choose())
}

// StackedEarly forgets the stack.
func (c Cases) StackedEarly() error {
	s, err := rack.Open(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction s open`
	}
	return s.End(true)
}

// Indexed is sound: it looks into the list itself.
func (c Cases) Indexed() error {
	s, err := rack.Open(c.p.DB)
	if err != nil {
		return err
	}
	return s.Txs[0].Rollback()
}

// Popped is sound: it ends what it takes off.
func (c Cases) Popped() error {
	s, err := rack.Open(c.p.DB)
	if err != nil {
		return err
	}
	tx, err := s.Pop()
	if err != nil {
		return err // not reached
	}
	return tx.Commit()
}

// Reserved is sound: the transaction waits in a channel.
func (c Cases) Reserved() error {
	s, err := rack.Reserve(c.p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Exec("UPDATE a SET b = 1")
}

// ReservedEarly does not close it.
func (c Cases) ReservedEarly() error {
	s, err := rack.Reserve(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction s open`
	}
	return s.Close()
}

// Entered is sound: an array has it.
func (c Cases) Entered() error {
	p, err := rack.Enter(c.p.DB)
	if err != nil {
		return err
	}
	defer p.Leave()
	if c.p.Choose() {
		return errStopped
	}
	return nil
}

// EnteredEarly leaves too late.
func (c Cases) EnteredEarly() error {
	p, err := rack.Enter(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction p open`
	}
	p.Leave()
	return nil
}

// Listed is sound: what has one transaction yields it in a list.
func (c Cases) Listed() error {
	w, err := rack.Write(c.p.DB)
	if err != nil {
		return err
	}
	for _, tx := range w.List() {
		_ = tx.Commit()
	}
	return nil
}

// ListedEarly forgets it before.
func (c Cases) ListedEarly() error {
	w, err := rack.Write(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction w open`
	}
	for _, tx := range w.List() {
		_ = tx.Commit()
	}
	return nil
}

// Named is sound: it is in a map.
func (c Cases) Named() error {
	w, err := rack.Write(c.p.DB)
	if err != nil {
		return err
	}
	return w.Named()["main"].Commit()
}

// Made is sound: a function makes a list of the transaction.
func (c Cases) Made() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, t := range rack.Listed(tx) {
		_ = t.Rollback()
	}
	return nil
}
