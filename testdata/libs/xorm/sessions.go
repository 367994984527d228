package xorm

import "xorm.io/xorm"

// The Close of a session ends its transaction.

// SessionForgets closes it on the ways out that it thought of.
func (c Cases) SessionForgets() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		s.Close()
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction s open`
	}
	if err := s.Commit(); err != nil {
		s.Close()
		return err
	}
	s.Close()
	return nil
}

// SessionLate defers the Close below the first way out.
func (c Cases) SessionLate() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if err := remove(s); err != nil {
		return err // want `return leaves transaction s open`
	}

	// Whatever happens.
	defer s.Close()

	if c.p.Choose() {
		return errCount
	}
	return s.Commit()
}

// SessionEach has one for each order.
func (c Cases) SessionEach() error {
	for range c.p.Pick(3) {
		s := c.db.NewSession()
		if err := s.Begin(); err != nil {
			return err
		}
		if c.p.Choose() {
			return errCount // want `return leaves transaction s open`
		}
		if err := s.Commit(); err != nil {
			return err
		}
		s.Close()
	}
	return nil
}

// SessionAgain has one for all.
func (c Cases) SessionAgain() error {
	s := c.db.NewSession()
	for range c.p.Pick(3) {
		if err := s.Begin(); err != nil {
			return err
		}
		if c.p.Choose() {
			return errCount // want `return leaves transaction s open`
		}
		if err := s.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// SessionDeferred closes where it makes it.
func (c Cases) SessionDeferred() error {
	s := c.db.NewSession()
	defer s.Close()
	if err := s.Begin(); err != nil {
		return err
	}
	if err := remove(s); err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount
	}
	return s.Commit()
}

func remove(s *xorm.Session) error {
	_, err := s.Exec("DELETE FROM `order`")
	return err
}

// SessionGiven hands it out, unless there is nothing left.
func (c Cases) SessionGiven() error {
	s, err := c.opened()
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Commit()
}

func (c Cases) opened() (*xorm.Session, error) {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return nil, err
	}
	if c.p.Choose() {
		return nil, errCount // want `return leaves transaction s open`
	}
	return s, nil
}
