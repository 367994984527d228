package racks

import "txcases/rack"

// Session is sound: what comes first takes the transaction out of an atomic (T8).
func (c Cases) Session() error {
	s := rack.NewSession(c.p.DB)
	if err := s.Start(); err != nil {
		return err
	}
	defer s.Abort()
	if err := s.Exec("UPDATE a SET b = 1"); err != nil {
		return err
	}
	return s.Commit()
}

// SessionEarly forgets it where a statement fails.
func (c Cases) SessionEarly() error {
	s := rack.NewSession(c.p.DB)
	if err := s.Start(); err != nil {
		return err
	}
	if err := s.Exec("UPDATE a SET b = 1"); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.Commit()
}

// SessionUsed only uses it.
func (c Cases) SessionUsed() error {
	s := rack.NewSession(c.p.DB)
	if err := s.Start(); err != nil {
		return err
	}
	return s.Exec("UPDATE a SET b = 1") // want `return leaves transaction s open`
}

// SessionBefore is sound: the rollback was deferred before.
func (c Cases) SessionBefore() error {
	s := rack.NewSession(c.p.DB)
	defer s.Abort()
	if err := s.Start(); err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped
	}
	return s.Commit()
}

// Cell is sound: it is in an atomic that holds anything.
func (c Cases) Cell() error {
	cell, err := rack.Fill(c.p.DB)
	if err != nil {
		return err
	}
	return cell.Drain()
}

// CellEarly forgets it at times.
func (c Cases) CellEarly() error {
	cell, err := rack.Fill(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction cell open`
	}
	return cell.Drain()
}

// Lease is sound: the atomic leads to a struct.
func (c Cases) Lease() error {
	l, err := rack.Take(c.p.DB, "main")
	if err != nil {
		return err
	}
	return l.Release(c.p.Choose())
}

// LeaseEarly does not give it back.
func (c Cases) LeaseEarly() error {
	l, err := rack.Take(c.p.DB, "main")
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStopped // want `return leaves transaction l open`
	}
	return l.Release(true)
}
