module github.com/txcheck/txcheck/internal/bench

go 1.26.0

require (
	github.com/MirrexOne/unqueryvet v1.5.4
	github.com/jingyugao/rowserrcheck v1.1.1
	github.com/jjti/go-spancheck v0.6.5
	github.com/ryanrolds/sqlclosecheck v0.5.1
	github.com/timakin/bodyclose v0.0.0-20241222091800-1db5c5ca4d67
	golang.org/x/tools v0.52.0
)

require (
	github.com/gostaticanalysis/analysisutil v0.7.1 // indirect
	github.com/gostaticanalysis/comment v1.4.2 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/tools/go/packages/packagestest v0.1.1-deprecated // indirect
)
