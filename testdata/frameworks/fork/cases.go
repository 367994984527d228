// Package fork holds cases of a fork of xorm whose import path nobody lists.
package fork

import (
	"errors"

	"txcases/frameworks/fork/xorm"
	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *xorm.Engine
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p, &xorm.Engine{DB: p.DB}} }

var errEmpty = errors.New("nothing to archive")

const archive = "UPDATE message SET archived = 1"

// Archive forgets its session when there is nothing to do (T3).
func (c Cases) Archive(names []string) error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if len(names) == 0 {
		return errEmpty // want `return leaves transaction s open`
	}
	_, err := s.Exec(archive)
	if err != nil {
		_ = s.Rollback()
		return err
	}
	return s.Commit()
}

// ArchiveClosed closes it.
func (c Cases) ArchiveClosed(names []string) error {
	s := c.db.NewSession()
	defer s.Close()
	if err := s.Begin(); err != nil {
		return err
	}
	for range names {
		if _, err := s.Exec(archive); err != nil {
			return err
		}
	}
	return s.Commit()
}

// ArchiveBuilt ends it through the builder (T12).
func (c Cases) ArchiveBuilt() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if _, err := s.Where("id = ?", 1).Exec(archive); err != nil {
		_ = s.Where("id = ?", 1).Close()
		return err
	}
	return s.Commit()
}

// ArchiveOwn leaves the end to the fork (T7).
func (c Cases) ArchiveOwn() error {
	_, err := c.db.Transaction(func(s *xorm.Session) (any, error) { return s.Exec(archive) })
	return err
}

// ArchiveTwice believes that its second Begin begins.
func (c Cases) ArchiveTwice() error {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return err
	}
	if _, err := s.Exec(archive); err != nil {
		return err // want `return leaves transaction s open`
	}
	if err := s.Commit(); err != nil {
		return err
	}
	if err := s.Begin(); err != nil {
		return err
	}
	return nil // want `return leaves transaction s open`
}

// archiver keeps a session of its own.
type archiver struct{ s *xorm.Session }

// Open hands it to its caller (T10).
func (c Cases) Open() (*archiver, error) {
	s := c.db.NewSession()
	if err := s.Begin(); err != nil {
		return nil, err
	}
	return &archiver{s}, nil
}

// Use ends it.
func (c Cases) Use() error {
	a, err := c.Open()
	if err != nil {
		return err
	}
	if _, err := a.s.Exec(archive); err != nil {
		return errors.Join(err, a.s.Rollback())
	}
	return a.s.Commit()
}

// UseOnce does so only if all went well (T8).
func (c Cases) UseOnce() error {
	a, err := c.Open()
	if err != nil {
		return err
	}
	if _, err := a.s.Exec(archive); err != nil {
		return err // want `return leaves transaction a open`
	}
	return a.s.Commit()
}
