// Package xorm holds cases of xorm.io/xorm: a session becomes the transaction, and
// its Close ends it.
package xorm

import (
	"context"
	"errors"

	"xorm.io/xorm"
	"xorm.io/xorm/core"
	"xorm.io/xorm/log"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *xorm.Engine
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db, err := xorm.NewEngineWithDB("mysql", "root@/shop", core.FromDB(p.DB))
	if err != nil {
		panic(err)
	}
	db.SetLogger(log.DiscardLogger{})
	return Cases{p, db}
}

// Order is a row of the table order.
type Order struct {
	Id    int64
	Count int64
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

// RolledBack ends it by hand.
func (c Cases) RolledBack() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if _, err := s.Exec("DELETE FROM `order`"); err != nil {
		_ = s.Rollback()
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

// Built goes through the methods that return the session.
func (c Cases) Built() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	t := s.Table("order").Where("id = ?", 1)
	if _, err := t.Update(map[string]any{"count": 0}); err != nil {
		return err // want `return leaves transaction s open`
	}
	return t.Commit()
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

// CancelledOnSession sets the context without a new variable.
func (c Cases) CancelledOnSession(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := c.db.NewSession()
	s.Context(ctx)
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

// ManagedBeside begins another one in the callback.
func (c Cases) ManagedBeside() error {
	_, err := c.db.Transaction(func(s *xorm.Session) (any, error) {
		audit := c.db.NewSession()
		if err := audit.Begin(); err != nil {
			return nil, err
		}
		if _, err := audit.Exec("INSERT INTO audit VALUES (1)"); err != nil {
			return nil, err // want `return leaves transaction audit open`
		}
		return nil, audit.Commit()
	})
	return err
}

// Twice begins again after its Commit, with the Close deferred.
func (c Cases) Twice() error {
	s := c.db.NewSession()
	defer s.Close()
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
		return errCount
	}
	return s.Commit()
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

// Given begins on the session of its caller, who closes it.
func (c Cases) Given() error {
	s := c.db.NewSession()
	defer s.Close()
	if err := c.take(s); err != nil {
		return err
	}
	return s.Commit()
}

func (c Cases) take(s *xorm.Session) error {
	if err := s.Begin(); err != nil {
		return err
	}
	_, err := s.Exec("DELETE FROM `order`")
	return err
}

// Raw uses the database below.
func (c Cases) Raw() error {
	tx, err := c.db.DB().Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM `order`"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Asked asks the session whether there is something to roll back (T2).
func (c Cases) Asked() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	defer func() {
		if s.IsInTx() {
			_ = s.Rollback()
		}
	}()
	if _, err := s.Exec("DELETE FROM `order`"); err != nil {
		return err
	}
	return s.Commit()
}

// AskedEarly asks before it begins, and takes that for the answer.
func (c Cases) AskedEarly() error {
	s := c.db.NewSession()
	running := s.IsInTx()
	if err := s.Begin(); err != nil {
		return err
	}
	if _, err := s.Exec("DELETE FROM `order`"); err != nil {
		if running {
			_ = s.Rollback()
		}
		return err // want `return leaves transaction s open`
	}
	return s.Commit()
}
