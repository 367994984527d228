// Package crawshaw holds cases of crawshaw.io/sqlite, run in memory. Its transactions
// are functions; one that could not begin yields its error when it is called.
package crawshaw

import (
	"errors"
	"fmt"

	"crawshaw.io/sqlite"
	"crawshaw.io/sqlite/sqlitex"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	conn *sqlite.Conn
}

var errSeen = errors.New("already seen")

// visit fails for an empty address.
func visit(conn *sqlite.Conn, url string) error {
	return sqlitex.Exec(conn, "INSERT INTO page (url) VALUES (?)", nil, url)
}

// Visit is the idiom of the library.
func (c Cases) Visit(url string) (err error) {
	defer sqlitex.Save(c.conn)(&err)
	if c.p.Choose() {
		return errSeen
	}
	return visit(c.conn, url)
}

// VisitKept returns before the end is deferred.
func (c Cases) VisitKept(url string) (err error) {
	end := sqlitex.Save(c.conn)
	if url == "" {
		return errSeen // want `return leaves transaction end open`
	}
	defer end(&err)
	return visit(c.conn, url)
}

// VisitBoth ends it by hand in both branches.
func (c Cases) VisitBoth(url string) error {
	end := sqlitex.Save(c.conn)
	err := visit(c.conn, url)
	if err != nil {
		end(&err)
		return fmt.Errorf("visit: %w", err)
	}
	end(&err)
	return err
}

// VisitOne ends it by hand in one.
func (c Cases) VisitOne(url string) error {
	end := sqlitex.Save(c.conn)
	err := visit(c.conn, url)
	if err != nil {
		return err // want `return leaves transaction end open`
	}
	end(&err)
	return err
}

// VisitAll goes through a list, of which each has a savepoint.
func (c Cases) VisitAll(urls []string) error {
	for _, url := range urls {
		if err := c.Visit(url); err != nil && !errors.Is(err, errSeen) {
			return err
		}
	}
	return nil
}

// VisitSome keeps a savepoint for the whole list, and forgets it after a bad one.
func (c Cases) VisitSome(urls []string) (err error) {
	end := sqlitex.Save(c.conn)
	for _, url := range urls {
		if err := visit(c.conn, url); err != nil {
			end(&err)
			return err // not reached
		}
		if c.p.Choose() {
			return nil // want `return leaves transaction end open`
		}
	}
	end(&err)
	return err
}

// begin hands the function to its caller (T10).
func (c Cases) begin() func(*error) { return sqlitex.Save(c.conn) }

// Wrapped defers what it was handed (T8).
func (c Cases) Wrapped(url string) (err error) {
	defer c.begin()(&err)
	return visit(c.conn, url)
}

// WrappedEarly forgets it.
func (c Cases) WrappedEarly(url string) (err error) {
	end := c.begin()
	if err := visit(c.conn, url); err != nil {
		return err // want `return leaves transaction end open`
	}
	end(&err)
	return err
}

// session keeps the function in a struct.
type session struct {
	end func(*error)
	err error
}

func (s *session) visit(c Cases, url string) {
	if s.err == nil {
		s.err = visit(c.conn, url)
	}
}

func (s *session) close() error {
	s.end(&s.err)
	return s.err
}

// Session closes its session.
func (c Cases) Session(urls []string) error {
	s := &session{end: sqlitex.Save(c.conn)}
	for _, url := range urls {
		s.visit(c, url)
	}
	return s.close()
}
