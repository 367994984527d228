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
// nothing was found, 1 when something was, 2 when it could not run, and 130 when it
// was interrupted.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes.
const (
	exitClean       = 0
	exitFindings    = 1
	exitTrouble     = 2
	exitInterrupted = 130 // what shells make of SIGINT
)

func main() {
	args := os.Args[1:]
	if isProtocol(args) {
		if err := serve(args); err != nil {
			fmt.Fprintf(os.Stderr, "txcheck: %v\n", err)
			os.Exit(exitTrouble)
		}
		os.Exit(exitClean)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the process at once
	code := command(ctx, args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
