package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"
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
	switch last := args[len(args)-1]; last {
	case "-flags":
		// The go command throws away what is printed on stderr here.
		return nil
	case "-V=full":
		// The go command sets GOVERSION to its own version for all that it runs.
		return checkToolchain(runtime.Version(), os.Getenv("GOVERSION"))
	default:
		return checkUnit(last)
	}
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

// checkUnit refuses a .cfg file that no go command has written.
func checkUnit(name string) error {
	const hint = "; the go command writes such files: run `txcheck ./...`, or `go vet -vettool=$(which txcheck) ./...`"
	data, err := os.ReadFile(name)
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %v%s", name, pathErr.Err, hint)
	} else if err != nil {
		return fmt.Errorf("%s: %v%s", name, err, hint)
	}
	var unit unitchecker.Config
	if json.Unmarshal(data, &unit) != nil || unit.ImportPath == "" || len(unit.GoFiles) == 0 {
		return fmt.Errorf("%s does not describe a package to analyse%s", name, hint)
	}
	return nil
}
