package pgxv4

import (
	"context"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"

	"txcases/txprobe"
	"txcases/txprobe/pgserver"
)

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	server := pgserver.New(p)
	config, err := pgxpool.ParseConfig(pgserver.DSN)
	if err != nil {
		panic(err)
	}
	config.ConnConfig.DialFunc = server.Dial
	config.ConnConfig.PreferSimpleProtocol = true
	config.LazyConnect = true
	ctx := context.Background()
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		panic(err)
	}
	pool, err := pgxpool.ConnectConfig(ctx, config)
	if err != nil {
		panic(err)
	}
	p.Cleanup(func() { go pool.Close() }) // waits for what leaks
	p.Owner(func(v any) bool {
		switch v := v.(type) {
		case pgx.Tx:
			_ = v.Rollback(ctx)
		case *pgx.Conn, *pgxpool.Pool:
		default:
			return false
		}
		return true
	})
	return Cases{p, pool, conn}
}
