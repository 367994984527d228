package gate

import (
	"database/sql"
	"io"
)

// undone is a transaction that closes by being rolled back.
type undone struct{ *sql.Tx }

func (u undone) Close() error { return u.Rollback() }

// closers are closed together.
type closers[T io.Closer] struct{ all []T }

func (l *closers[T]) add(c T) { l.all = append(l.all, c) }

func (l *closers[T]) close() {
	for _, c := range l.all {
		_ = c.Close()
	}
}

// StructsListed closes a list of structs.
func (c Cases) StructsListed() error {
	var l closers[undone]
	defer l.close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	l.add(undone{tx})
	return touch(tx)
}

// StructsListedLate lists it too late.
func (c Cases) StructsListedLate() error {
	var l closers[undone]
	defer l.close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	l.add(undone{tx})
	return nil
}

// lot is a list that is not generic.
type lot struct{ all []undone }

func (l *lot) close() {
	for _, u := range l.all {
		_ = u.Close()
	}
}

// StructsLot closes another list of structs.
func (c Cases) StructsLot() error {
	l := &lot{}
	defer l.close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	l.all = append(l.all, undone{tx})
	return touch(tx)
}

// registered adds what it is given to a list, and returns it.
func registered[T io.Closer](l *closers[io.Closer], c T) T {
	l.add(c)
	return c
}

// StructsRegistered closes what was registered.
func (c Cases) StructsRegistered() error {
	l := &closers[io.Closer]{}
	defer l.close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	u := registered(l, undone{tx})
	_, err = u.Exec("INSERT")
	return err
}

// StructsUnregistered goes before that.
func (c Cases) StructsUnregistered() error {
	l := &closers[io.Closer]{}
	defer l.close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShut // want `return leaves transaction tx open`
	}
	u := registered(l, undone{tx})
	_, err = u.Exec("INSERT")
	return err
}

// slot has room for one.
type slot[T io.Closer] struct {
	one  T
	full bool
}

func (s *slot[T]) put(one T) { s.one, s.full = one, true }

func (s *slot[T]) close() {
	if s.full {
		_ = s.one.Close()
	}
}

// StructsSlot closes one struct.
func (c Cases) StructsSlot() error {
	var s slot[undone]
	defer s.close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	s.put(undone{tx})
	return touch(tx)
}

// StructsSlotForgets puts it there when all went well.
func (c Cases) StructsSlotForgets() error {
	var s slot[undone]
	defer s.close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	s.put(undone{tx})
	return nil
}
