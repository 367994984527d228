package zombiezen

import (
	"context"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"txcases/txprobe"
)

// New returns the cases for one run, on stores of their own in memory.
func New(p *txprobe.Probe) any {
	conn, err := sqlite.OpenConn(":memory:")
	if err != nil {
		panic(err)
	}
	create(conn)
	pool, err := sqlitex.NewPool("file:pool?mode=memory", sqlitex.PoolOptions{
		PoolSize:    1,
		PrepareConn: func(conn *sqlite.Conn) error { create(conn); return nil },
	})
	if err != nil {
		panic(err)
	}
	stopped := make(chan struct{})
	close(stopped)
	var last *sqlite.Conn // what the latest begin was on
	nested := false       // in what is open
	p.Before(func(v any) {
		last, _ = v.(*sqlite.Conn)
		nested = !last.AutocommitEnabled()
		if p.Fails("Begin") {
			last.SetInterrupt(stopped)
		}
	})
	p.Watch(func(v any) func() bool {
		conn := last
		conn.SetInterrupt(nil)
		if nested || conn.AutocommitEnabled() { // a savepoint holds nothing
			return nil
		}
		return func() bool { return !conn.AutocommitEnabled() }
	})
	p.Cleanup(func() {
		conn.Close()
		go pool.Close() // waits for what is not put back
	})
	p.Owner(func(v any) bool {
		switch v := v.(type) {
		case func(*error):
			err := context.Canceled
			v(&err)
		case *sqlite.Conn, *sqlitex.Pool:
		default:
			return false
		}
		return true
	})
	return Cases{p, conn, pool}
}

func create(conn *sqlite.Conn) {
	if err := sqlitex.ExecuteScript(conn, "CREATE TABLE item (name TEXT CHECK (name <> ''));", nil); err != nil {
		panic(err)
	}
}
