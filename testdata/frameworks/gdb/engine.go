package gdb

import (
	"database/sql"
	"sync"

	"github.com/gogf/gf/v2/database/gdb"

	"txcases/txprobe"
)

// driver is one of GoFrame's, over the driver of the probe.
type driver struct{ *gdb.Core }

func (d *driver) New(core *gdb.Core, _ *gdb.ConfigNode) (gdb.DB, error) { return &driver{core}, nil }

func (d *driver) Open(*gdb.ConfigNode) (*sql.DB, error) { return sql.Open(txprobe.DriverName, "") }

var open = sync.OnceValue(func() gdb.DB {
	if err := gdb.Register(txprobe.DriverName, &driver{}); err != nil {
		panic(err)
	}
	db, err := gdb.New(gdb.ConfigNode{Type: txprobe.DriverName, Name: "shop", User: "user"})
	if err != nil {
		panic(err)
	}
	return db
})

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	p.Savepoints()
	p.Owner(func(v any) bool {
		tx, ok := v.(gdb.TX)
		if ok {
			_ = tx.GetSqlTX().Rollback()
		}
		return ok || v == any(open())
	})
	return Cases{p, open()}
}
