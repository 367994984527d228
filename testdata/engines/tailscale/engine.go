package tailscale

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/tailscale/sqlite/sqliteh"
	"github.com/tailscale/sqlite/sqlitepool"

	"txcases/txprobe"
)

const schema = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS node (name TEXT PRIMARY KEY CHECK (name <> ''));
CREATE TABLE IF NOT EXISTS route (node TEXT REFERENCES node DEFERRABLE INITIALLY DEFERRED);
`

// New returns the cases for one run, on a store of its own.
func New(p *txprobe.Probe) any {
	dir, err := os.MkdirTemp("", "tailscale")
	if err != nil {
		panic(err)
	}
	var all []sqliteh.DB
	pool, err := sqlitepool.NewPool(filepath.Join(dir, "store"), 2, func(db sqliteh.DB) error {
		all = append(all, db)
		return sqlitepool.ExecScript(db, schema)
	}, nil)
	if err != nil {
		panic(err)
	}
	run := func(query string) {
		for _, db := range all {
			if err := sqlitepool.ExecScript(db, query); err != nil {
				panic(fmt.Sprint(query, err))
			}
		}
	}
	refused := false // for what is begun already
	p.Before(func(any) {
		if refused = p.Fails("Begin"); refused {
			run("BEGIN;")
		}
	})
	p.Watch(func(v any) func() bool {
		if refused {
			run("ROLLBACK;")
			return nil
		}
		switch v := v.(type) {
		case *sqlitepool.Tx:
			if p.Fails("Commit") {
				if err := v.Exec("INSERT INTO route VALUES ('nowhere');"); err != nil {
					panic(err)
				}
			}
			return held(v.Rx)
		case *sqlitepool.Rx:
			return held(v)
		}
		return nil
	})
	p.Owner(func(v any) bool {
		switch v := v.(type) {
		case *sqlitepool.Tx:
			v.Rollback()
		case *sqlitepool.Rx:
			v.Rollback()
		case *sqlitepool.Pool:
		default:
			return false
		}
		return true
	})
	p.Cleanup(func() {
		os.RemoveAll(dir)
		go pool.Close() // waits for what leaks
	})
	return Cases{p, pool}
}

// held tells whether a connection is still taken.
func held(rx *sqlitepool.Rx) func() bool {
	conn := reflect.ValueOf(rx).Elem().FieldByName("conn")
	return func() bool { return !conn.IsNil() }
}
