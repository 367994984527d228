package gopg

import (
	"github.com/go-pg/pg/v10"

	"txcases/txprobe"
	"txcases/txprobe/pgserver"
)

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	server := pgserver.New(p)
	options, err := pg.ParseURL(pgserver.DSN)
	if err != nil {
		panic(err)
	}
	options.Dialer = server.Dial
	db := pg.Connect(options)
	p.Cleanup(func() { db.Close() })
	p.Owner(func(v any) bool {
		switch v := v.(type) {
		case *pg.Tx:
			_ = v.Close()
		case *pg.DB:
		default:
			return false
		}
		return true
	})
	return Cases{p, db}
}
