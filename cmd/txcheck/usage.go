package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/txcheck/txcheck/internal/report"
)

const usageHead = `txcheck finds database transactions that a Go program leaves open.

usage: txcheck [flags] packages       for example: txcheck ./...
       txcheck why FILE:LINE          what is known there, and why it is quiet
       txcheck explain [rule]         what a rule is about, with examples
       txcheck rules                  list the rules
       txcheck protocols [list]       list the libraries that are known
       txcheck protocols check FILE   look up what a description of a library names
       txcheck baseline write [-o FILE] [packages]
                                      remember the findings of today
       txcheck version                how this executable was built
       txcheck help [topic]           this text, or one of: baseline, config, exit,
                                      ignore, protocols, the name of a rule
       go vet -vettool=$(which txcheck) [flags] packages

It exits with 0 when nothing was found, 1 when something was, 2 when it could
not run, and 130 when it was interrupted.

Flags:
`

// usage prints the help text.
func usage(w io.Writer) {
	fmt.Fprint(w, usageHead)
	flags, _ := new(settings).flagSet()
	flags.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  %s\n    \t%s%s\n", strings.TrimSpace("-"+f.Name+" "+value), text, defaultNote(f))
	})
	fmt.Fprint(w, "\nFormats:\n")
	for _, f := range report.Formats() {
		fmt.Fprintf(w, "  %-8s  %s\n", f.Name, f.Short)
	}
}

// defaultNote tells of a default that is not the zero value.
func defaultNote(f *flag.Flag) string {
	switch f.DefValue {
	case "", "false", "0":
		return ""
	}
	return " (default " + f.DefValue + ")"
}
