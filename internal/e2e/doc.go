// Package e2e runs the built command as its users do: from scripts, in small
// modules of their own, through the real go command.
//
// It is a module of its own so that what these tests need never becomes part of
// a user's module graph. The scripts are in cmd/txcheck/testdata/script; a test
// of package main in cmd/txcheck runs this module, so that `go test ./...` at the
// root leaves nothing out.
package e2e
