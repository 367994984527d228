module txcases/txprobe/pgserver

go 1.26

require (
	github.com/jackc/pgx/v5 v5.12.0
	txcases/txprobe v0.0.0
)

replace txcases/txprobe => ../
