package crawshaw

import (
	"context"

	"crawshaw.io/sqlite"
	"crawshaw.io/sqlite/sqlitex"

	"txcases/txprobe"
)

// New returns the cases for one run, on a store of its own in memory.
func New(p *txprobe.Probe) any {
	conn, err := sqlite.OpenConn(":memory:", 0)
	if err != nil {
		panic(err)
	}
	if err := sqlitex.ExecScript(conn, "CREATE TABLE page (url TEXT CHECK (url <> ''));"); err != nil {
		panic(err)
	}
	stopped := make(chan struct{})
	close(stopped)
	p.Before(func(any) {
		if p.Fails("Begin") {
			conn.SetInterrupt(stopped)
		}
	})
	p.Watch(func(any) func() bool {
		conn.SetInterrupt(nil)
		if conn.GetAutocommit() {
			return nil
		}
		return func() bool { return !conn.GetAutocommit() }
	})
	p.Cleanup(func() { conn.Close() })
	p.Owner(func(v any) bool {
		switch v := v.(type) {
		case func(*error):
			err := context.Canceled
			v(&err)
		case *sqlite.Conn:
		default:
			return false
		}
		return true
	})
	return Cases{p, conn}
}
