package main

import (
	"crypto/sha256"
	"fmt"
	"go/version"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/txcheck/txcheck/internal/config"
	"github.com/txcheck/txcheck/internal/unit"
	"github.com/txcheck/txcheck/passes"
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

// serve answers a call of the go command. It does not return if the call can be
// answered; an error is a reason that can be told in one line.
func serve(args []string) error {
	opts := passes.DefaultOptions()
	switch args[len(args)-1] {
	case "-flags":
		// The go command throws away what is printed on stderr, so that it is not
		// the place to complain about a configuration.
		unit.Main(opts, passes.New(opts))
	case "-V=full":
		// The go command sets GOVERSION to its own version for all that it runs.
		if err := checkToolchain(runtime.Version(), os.Getenv("GOVERSION")); err != nil {
			return err
		}
		sum, err := config.Sum(".")
		if err != nil {
			return err
		}
		if sum != nil {
			return printIdentity(sum)
		}
		unit.Main(opts, passes.New(opts))
	}
	// The go command runs its tools in the directory of the package.
	conf, err := config.Load(".")
	if err != nil {
		return err
	}
	conf.Apply(opts)
	unit.Main(opts, conf.Quiet(passes.New(opts)))
	return nil
}

// printIdentity answers -V=full where there is a configuration. The go command
// takes what is printed for the identity of the tool in the keys of its cache; it
// knows of no other input than the executable, so that the configuration goes in
// there, too.
func printIdentity(conf []byte) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return err
	}
	hash.Write(conf)
	_, err = fmt.Printf("%s version devel comments-go-here buildID=%02x\n", name, hash.Sum(nil))
	return err
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
