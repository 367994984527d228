// Command golangci is golangci-lint with the plugin inside, as `golangci-lint custom`
// makes it: what tests and measurements run.
//
// It is a module of its own, so that what golangci-lint requires is not required by
// txcheck.
package main

import (
	"fmt"
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/txcheck/txcheck/gclplugin"
)

func main() {
	if err := commands.Execute(commands.BuildInfo{Version: "v2.15.0"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
