package databasesql

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// ProblemsPrinted notes what has failed in a text that it prints to (T2).
func (c Cases) ProblemsPrinted(name string) error {
	var problems strings.Builder
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		fmt.Fprintf(&problems, "%s has failed: %v\n", name, err)
	}
	if problems.Len() > 0 {
		return errors.Join(errors.New(problems.String()), tx.Rollback())
	}
	return tx.Commit()
}

// ProblemsPrintedOpen leaves where there is any.
func (c Cases) ProblemsPrintedOpen(name string) error {
	var problems strings.Builder
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		fmt.Fprintf(&problems, "%s has failed: %v\n", name, err)
		_ = tx.Rollback()
	}
	if problems.Len() == 0 {
		return nil // want `return leaves transaction tx open`
	}
	return errors.New(problems.String())
}

// PrintedAsked asks before it begins and after.
func (c Cases) PrintedAsked() error {
	var buf bytes.Buffer
	if c.p.Choose() {
		fmt.Fprintln(&buf, "UPDATE items SET seen = 1")
	}
	if buf.Len() == 0 {
		return nil
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if buf.Len() == 0 {
		return nil // not reached
	}
	_, err = tx.Exec(buf.String())
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func render(b *strings.Builder, names []string) {
	for _, name := range names {
		b.WriteString("DELETE FROM " + name + ";")
	}
}

// RenderedAsked has a helper fill it.
func (c Cases) RenderedAsked(names []string) error {
	var b strings.Builder
	render(&b, names)
	if b.Len() == 0 {
		return nil
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if b.Len() == 0 {
		return nil // not reached
	}
	return tx.Commit()
}

// RenderedLate asks when it has begun.
func (c Cases) RenderedLate() error {
	var b strings.Builder
	render(&b, make([]string, c.p.Pick(2)))
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if b.Len() == 0 {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A spool begins with the first that it is given.
type spool struct {
	db  *sql.DB
	tx  *sql.Tx
	buf bytes.Buffer
}

func (s *spool) add(text string) error {
	if s.buf.Len() == 0 {
		tx, err := s.db.Begin()
		if err != nil {
			return err
		}
		s.tx = tx
	}
	s.buf.WriteString(text + ";")
	return nil
}

func (s *spool) flush() error {
	if s.buf.Len() == 0 {
		return nil // not reached
	}
	defer s.buf.Reset()
	if _, err := s.tx.Exec(s.buf.String()); err != nil {
		_ = s.tx.Rollback()
		return err
	}
	return s.tx.Commit()
}

// SpoolFlushed flushes what it has added.
func (c Cases) SpoolFlushed() error {
	s := &spool{db: c.p.DB}
	if err := s.add("a"); err != nil {
		return err
	}
	return s.flush()
}

// SpoolKept does not where the second fails.
func (c Cases) SpoolKept() error {
	s := &spool{db: c.p.DB}
	if err := s.add("a"); err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction s open`
	}
	return s.flush()
}

func (s *spool) write() error {
	if s.buf.Len() == 0 {
		return nil
	}
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	if s.buf.Len() == 0 {
		return nil // not reached
	}
	return tx.Commit()
}

// SpoolWritten writes what it has, if anything.
func (c Cases) SpoolWritten() error {
	s := &spool{db: c.p.DB}
	if c.p.Choose() {
		fmt.Fprint(&s.buf, "x")
	}
	return s.write()
}
