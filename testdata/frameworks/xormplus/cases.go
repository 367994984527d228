// Package xormplus holds cases of github.com/xormplus/xorm, a fork of xorm with an
// import path and additions of its own.
package xormplus

import (
	"errors"

	"github.com/xormplus/xorm"
	"github.com/xormplus/xorm/core"
	"github.com/xormplus/xorm/dialects"
	"github.com/xormplus/xorm/log"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *xorm.Engine
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	dialect, err := dialects.OpenDialect("mysql", "root@/warehouse")
	if err != nil {
		panic(err)
	}
	db, err := xorm.NewEngineWithDialectAndDB("mysql", "root@/warehouse", dialect, core.FromDB(p.DB))
	if err != nil {
		panic(err)
	}
	db.SetLogger(log.DiscardLogger{})
	return Cases{p, db}
}

var errShelf = errors.New("the shelf is empty")

const (
	take = "UPDATE shelf SET n = n - 1"
	put  = "UPDATE shelf SET n = n + 1"
)

// Move finds the shelf empty and goes (T3).
func (c Cases) Move(empty bool) error {
	session := c.db.NewSession()
	if err := session.Begin(); err != nil {
		return err
	}
	if empty {
		return errShelf // want `return leaves transaction session open`
	}
	if _, err := session.Exec(take); err != nil {
		session.Rollback()
		return err
	}
	return session.Commit()
}

// MoveClosed closes the session in any case.
func (c Cases) MoveClosed(empty bool) error {
	session := c.db.NewSession()
	defer session.Close()
	if err := session.Begin(); err != nil {
		return err
	}
	if empty {
		return errShelf
	}
	if _, err := session.Exec(take); err != nil {
		return err
	}
	_, err := session.Exec(put)
	if err != nil {
		return err
	}
	return session.Commit()
}

// MoveTwice uses the fork's own builder on the transaction, and forgets the second
// statement's error.
func (c Cases) MoveTwice() error {
	session := c.db.NewSession()
	if err := session.Begin(); err != nil {
		return err
	}
	if _, err := session.SQL(take).Execute(); err != nil {
		return errors.Join(err, session.Rollback())
	}
	if _, err := session.SQL(put).Execute(); err != nil {
		return err // want `return leaves transaction session open`
	}
	return session.Commit()
}

// MoveAll has one session for all shelves.
func (c Cases) MoveAll(shelves []string) (err error) {
	session := c.db.NewSession()
	if err = session.Begin(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			session.Rollback()
		}
	}()
	for _, shelf := range shelves {
		if _, err = session.Exec(take, shelf); err != nil {
			return err
		}
	}
	return session.Commit()
}

// MoveEach has one for each, and leaves that of a failure open.
func (c Cases) MoveEach(shelves []string) (failed int) {
	for _, shelf := range shelves {
		session := c.db.NewSession()
		if session.Begin() != nil {
			break
		}
		if _, err := session.Exec(take, shelf); err != nil {
			failed++
			continue // want `next iteration leaves transaction session open`
		}
		session.Commit()
	}
	return failed // want `return leaves transaction session open`
}

// MoveManaged leaves the end to the engine (T7).
func (c Cases) MoveManaged(empty bool) error {
	_, err := c.db.Transaction(func(session *xorm.Session) (any, error) {
		if empty {
			return nil, errShelf
		}
		return session.Exec(take)
	})
	return err
}

// store is a warehouse with a session of its own (T10).
type store struct{ *xorm.Session }

func (c Cases) open() (*store, error) {
	s := &store{c.db.NewSession()}
	if err := s.Begin(); err != nil {
		return nil, err
	}
	return s, nil
}

// Count closes the store, whose session that is.
func (c Cases) Count() error {
	s, err := c.open()
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.Exec(put); err != nil {
		return err
	}
	return s.Commit()
}

// CountWrong does not, where the count fails (T8).
func (c Cases) CountWrong() error {
	s, err := c.open()
	if err != nil {
		return err
	}
	if _, err := s.Exec(put); err != nil {
		return err // want `return leaves transaction`
	}
	return s.Commit()
}
