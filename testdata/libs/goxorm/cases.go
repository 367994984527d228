// Package goxorm holds cases of github.com/go-xorm/xorm, whose Close returns nothing.
package goxorm

import (
	"context"
	"database/sql"
	"errors"

	"github.com/go-xorm/xorm"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *xorm.Engine
}

// The library opens the database itself.
func init() { sql.Register("mysql", txprobe.Driver{}) }

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db, err := xorm.NewEngine("mysql", "root@/shop")
	if err != nil {
		panic(err)
	}
	db.SetLogger(xorm.DiscardLogger{})
	return Cases{p, db}
}

var errCount = errors.New("nothing left")

// Open forgets to end the session.
func (c Cases) Open() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if _, err := s.Exec("DELETE FROM `order`"); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.Commit()
}

// Closed is the form of the documentation: Close ends what is open.
func (c Cases) Closed() error {
	s := c.db.NewSession()
	defer s.Close()
	if err := s.Begin(); err != nil {
		return err
	}
	if _, err := s.Exec("DELETE FROM `order`"); err != nil {
		return err
	}
	return s.Commit()
}

// ClosedTooLate defers the Close after the first way out.
func (c Cases) ClosedTooLate() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction s open`
	}
	defer s.Close()
	if _, err := s.Exec("DELETE FROM `order`"); err != nil {
		return err
	}
	return s.Commit()
}

// BuiltEnds ends it through one of them.
func (c Cases) BuiltEnds() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	t := s.Table("order").Where("id = ?", 1)
	if _, err := t.Update(map[string]any{"count": 0}); err != nil {
		t.Close()
		return err
	}
	return t.Commit()
}

// Cancelled begins with a context that it cancels on its way out.
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := c.db.NewSession().Context(ctx)
	if err := s.Begin(); err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount
	}
	return s.Commit()
}

// NotCancelled uses the context for its statements alone.
func (c Cases) NotCancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if _, err := s.Context(ctx).Exec("DELETE FROM `order`"); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.Commit()
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	_, err := c.db.Transaction(func(s *xorm.Session) (any, error) {
		return s.Exec("DELETE FROM `order`")
	})
	return err
}

// TwiceForgotten closes nothing.
func (c Cases) TwiceForgotten() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if err := s.Commit(); err != nil {
		return err
	}
	if err := s.Begin(); err != nil {
		return err
	}
	if c.p.Choose() {
		return errCount // want `return leaves transaction s open`
	}
	return s.Commit()
}

// Inner begins on a session that is in a transaction: nothing happens, and the
// inner Commit ends the outer transaction.
func (c Cases) Inner() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if err := s.Begin(); err != nil {
		return err // not reached
	}
	return s.Commit()
}
