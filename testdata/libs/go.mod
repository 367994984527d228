module txcases/libs

go 1.26

require (
	github.com/jmoiron/sqlx v1.4.0
	txcases/txprobe v0.0.0
)

replace txcases/txprobe => ../src/txprobe
