// Command txcheck finds database transactions that a Go program leaves open.
//
// It is two programs in one executable. Called the way the go command calls an
// analysis tool, it analyses one package:
//
//	go vet -vettool=$(which txcheck) ./...
//
// Called by a person, it has the go command do just that and prints the result:
//
//	txcheck ./...
//
// This package only tells the two apart and reads flags. It exits with 0 when
// nothing was found, 1 when something was, and 2 when it could not run.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/txcheck/txcheck/internal/unit"
	"github.com/txcheck/txcheck/passes"
)

// Exit codes.
const (
	exitClean    = 0
	exitFindings = 1
	exitTrouble  = 2
)

func main() {
	args := os.Args[1:]
	if isProtocol(args) {
		if err := checkProtocol(args); err != nil {
			fmt.Fprintf(os.Stderr, "txcheck: %v\n", err)
			os.Exit(exitTrouble)
		}
		opts := passes.DefaultOptions()
		unit.Main(opts, passes.New(opts))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := command(ctx, args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
