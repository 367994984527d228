// Package zombiezen holds cases of zombiezen.com/go/sqlite, run in memory. Its
// transactions are functions, which end them by the error that they are pointed to.
package zombiezen

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p    *txprobe.Probe
	conn *sqlite.Conn
	pool *sqlitex.Pool
}

var errBad = errors.New("bad item")

// insert fails for an empty name.
func insert(conn *sqlite.Conn, name string) error {
	return sqlitex.Execute(conn, "INSERT INTO item (name) VALUES (?)", &sqlitex.ExecOptions{Args: []any{name}})
}

// Save is the idiom of the library: the end is deferred where the transaction begins.
func (c Cases) Save(name string) (err error) {
	defer sqlitex.Save(c.conn)(&err)
	if err := insert(c.conn, name); err != nil {
		return err
	}
	if c.p.Choose() {
		return errBad
	}
	return nil
}

// SaveKept keeps the function, and forgets to call it.
func (c Cases) SaveKept(name string) (err error) {
	release := sqlitex.Save(c.conn)
	if err := insert(c.conn, name); err != nil {
		return err // want `return leaves transaction release open`
	}
	release(&err)
	return err
}

// SaveDeferred keeps the function for later.
func (c Cases) SaveDeferred(name string) (err error) {
	release := sqlitex.Save(c.conn)
	defer release(&err)
	return insert(c.conn, name)
}

// Immediate begins or fails.
func (c Cases) Immediate(name string) (err error) {
	end, err := sqlitex.ImmediateTransaction(c.conn)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer end(&err)
	return insert(c.conn, name)
}

// ImmediateEarly returns before the end is deferred.
func (c Cases) ImmediateEarly(name string) (err error) {
	end, err := sqlitex.ImmediateTransaction(c.conn)
	if err != nil {
		return err
	}
	if name == "" {
		return errBad // want `return leaves transaction end open`
	}
	defer end(&err)
	return insert(c.conn, name)
}

// ImmediateUnchecked defers what does nothing if the begin has failed.
func (c Cases) ImmediateUnchecked(name string) (err error) {
	end, err := sqlitex.ImmediateTransaction(c.conn)
	defer end(&err)
	if err != nil {
		return err
	}
	return insert(c.conn, name)
}

// Exclusive ends by hand in each branch but one.
func (c Cases) Exclusive(name string) error {
	end, err := sqlitex.ExclusiveTransaction(c.conn)
	if err != nil {
		return err
	}
	switch err = insert(c.conn, name); {
	case err != nil:
		end(&err)
		return err
	case c.p.Choose():
		return nil // want `return leaves transaction end open`
	}
	end(&err)
	return err
}

// Deferred begins a transaction that takes its lock later.
func (c Cases) Deferred(name string) (err error) {
	end := sqlitex.Transaction(c.conn)
	defer func() { end(&err) }()
	if err = insert(c.conn, name); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	return nil
}

// Nested saves inside of what is open.
func (c Cases) Nested(names []string) (err error) {
	end, err := sqlitex.ImmediateTransaction(c.conn)
	if err != nil {
		return err
	}
	defer end(&err)
	for _, name := range names {
		if err := c.nested(name); err != nil {
			return err
		}
	}
	return nil
}

func (c Cases) nested(name string) (err error) {
	defer sqlitex.Save(c.conn)(&err)
	return insert(c.conn, name)
}

// Each ends the one transaction that it has per item, when the item is good.
func (c Cases) Each(names []string, stop bool) error {
	for _, name := range names {
		end, err := sqlitex.ImmediateTransaction(c.conn)
		if err != nil {
			return err
		}
		if err = insert(c.conn, name); err == nil && stop {
			break
		}
		end(&err)
		if err != nil {
			return err // not reached
		}
	}
	return nil // want `return leaves transaction end open`
}

// begin hands the function to its caller (T10).
func (c Cases) begin(ctx context.Context) (conn *sqlite.Conn, end func(*error), err error) {
	conn, err = c.pool.Take(ctx)
	if err != nil {
		return nil, nil, err // not reached
	}
	end, err = sqlitex.ImmediateTransaction(conn)
	if err != nil {
		c.pool.Put(conn)
		return nil, nil, err
	}
	return conn, end, nil
}

// Pooled gives the connection back with the transaction in it (T8).
func (c Cases) Pooled(ctx context.Context, name string) error {
	conn, end, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer c.pool.Put(conn)
	if err := insert(conn, name); err != nil {
		return err // want `return leaves transaction end open`
	}
	end(&err)
	return err
}

// PooledEnded ends it first: what is deferred last runs first (T6).
func (c Cases) PooledEnded(ctx context.Context, name string) (err error) {
	conn, end, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer c.pool.Put(conn)
	defer end(&err)
	return insert(conn, name)
}

// InTx is a helper with a callback.
func (c Cases) InTx(name string) error {
	return inTx(c.conn, func() error { return insert(c.conn, name) })
}

func inTx(conn *sqlite.Conn, do func() error) (err error) {
	defer sqlitex.Transaction(conn)(&err)
	return do()
}
