package main

import (
	"fmt"
	"go/version"
	"os"
	"runtime"
	"strings"
)

// isProtocol reports whether the arguments are one of the three forms in which
// the go command calls an analysis tool.
func isProtocol(args []string) bool {
	if len(args) == 0 {
		return false
	}
	return len(args) == 1 && (args[0] == "-V=full" || args[0] == "-flags") ||
		strings.HasSuffix(args[len(args)-1], ".cfg")
}

// checkProtocol returns an error if the call cannot succeed and the reason can
// be told in one line.
func checkProtocol(args []string) error {
	// The go command throws away what is printed on stderr for -flags.
	if args[len(args)-1] == "-V=full" {
		// The go command sets GOVERSION to its own version for all that it runs.
		return checkToolchain(runtime.Version(), os.Getenv("GOVERSION"))
	}
	return nil
}

// checkToolchain refuses a go command that is newer than the one that built this
// executable. Its standard library would be type-checked by the older go/types
// linked in here, which refuses every package, with a page of text and no cause.
func checkToolchain(built, running string) error {
	b, r := version.Lang(built), version.Lang(running)
	if b == "" || r == "" || version.Compare(b, r) >= 0 {
		return nil
	}
	return fmt.Errorf("this executable was built with %s and cannot serve the go vet of %s: "+
		"install it again with the newer Go, or use `go get -tool` so that they stay together", built, running)
}
