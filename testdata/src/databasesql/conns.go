package databasesql

import (
	"context"
	"database/sql"
)

// A connection that is taken of the pool must go back as well.

// ConnForgets closes its connection by hand, but not where it fails.
func (c Cases) ConnForgets(ctx context.Context) error {
	conn, err := c.p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		_ = conn.Close()
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	err = tx.Commit()
	_ = conn.Close()
	return err
}

// ConnLent may be closed by whom it is lent to.
func (c Cases) ConnLent(ctx context.Context) error {
	conn, err := c.p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		conn.Close()
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	err = tx.Commit()
	closeConn(conn)
	conn.Close()
	return err
}

func closeConn(conn *sql.Conn) { _ = conn.Close() }
