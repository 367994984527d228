// Package xormio holds cases of github.com/xorm-io/xorm, a fork of xorm under another
// import path.
package xormio

import (
	"errors"

	"github.com/xorm-io/xorm"
	"github.com/xorm-io/xorm/core"
	"github.com/xorm-io/xorm/log"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *xorm.Engine
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db, err := xorm.NewEngineWithDB("mysql", "root@/casdoor", core.FromDB(p.DB))
	if err != nil {
		panic(err)
	}
	db.SetLogger(log.DiscardLogger{})
	return Cases{p, db}
}

var errOwner = errors.New("no such owner")

const grant = "UPDATE permission SET state = 1"

// Grant closes the session in one branch only (T3).
func (c Cases) Grant(owner string) error {
	session := c.db.NewSession()
	if err := session.Begin(); err != nil {
		session.Close()
		return err
	}
	if owner == "" {
		return errOwner // want `return leaves transaction session open`
	}
	if _, err := session.Exec(grant); err != nil {
		session.Close()
		return err
	}
	return session.Commit()
}

// GrantClosed closes it in all.
func (c Cases) GrantClosed(owner string) error {
	session := c.db.NewSession()
	defer session.Close()
	if err := session.Begin(); err != nil {
		return err
	}
	if owner == "" {
		return errOwner
	}
	if _, err := session.Exec(grant); err != nil {
		return err
	}
	return session.Commit()
}

// GrantTransaction leaves the end to xorm (T7).
func (c Cases) GrantTransaction(owner string) error {
	_, err := c.db.Transaction(func(session *xorm.Session) (any, error) {
		if owner == "" {
			return nil, errOwner
		}
		return session.Exec(grant)
	})
	return err
}

// GrantBuilt ends it through what the builder returns, which is the session.
func (c Cases) GrantBuilt() error {
	session := c.db.NewSession()
	if err := session.Begin(); err != nil {
		return err
	}
	built := session.Table("permission").Where("state = ?", 0)
	if _, err := session.Exec(grant); err != nil {
		return errors.Join(err, built.Rollback())
	}
	return built.Commit()
}

// GrantAll goes round with a session per owner.
func (c Cases) GrantAll(owners []string) error {
	for _, owner := range owners {
		session := c.db.NewSession()
		if err := session.Begin(); err != nil {
			return err
		}
		if _, err := session.Exec(grant, owner); err != nil {
			continue // want `next iteration leaves transaction session open`
		}
		if err := session.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction session open`
}

// begin hands a session to its caller (T10).
func (c Cases) begin() (*xorm.Session, error) {
	session := c.db.NewSession()
	if err := session.Begin(); err != nil {
		session.Close()
		return nil, err
	}
	return session, nil
}

// Helper closes what it got.
func (c Cases) Helper() error {
	session, err := c.begin()
	if err != nil {
		return err
	}
	defer session.Close()
	if _, err := session.Exec(grant); err != nil {
		return err
	}
	return session.Commit()
}

// HelperEarly does not (T8).
func (c Cases) HelperEarly(owner string) error {
	session, err := c.begin()
	if err != nil {
		return err
	}
	if owner == "" {
		return errOwner // want `return leaves transaction session open`
	}
	return session.Rollback()
}

// Shadowed takes the wrong error for its own.
func (c Cases) Shadowed() (err error) {
	session := c.db.NewSession()
	if err = session.Begin(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = session.Rollback()
		}
	}()
	if res, err := session.Exec(grant); err != nil {
		return err
	} else if n, err := res.RowsAffected(); err != nil || n == 0 {
		return nil // want `return leaves transaction session open`
	}
	return session.Commit()
}
