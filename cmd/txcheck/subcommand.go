package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/passes"
)

// A runner answers a subcommand and returns the exit code.
type runner func(ctx context.Context, args []string, stdout, stderr io.Writer) int

// subcommand returns what answers a word, or nil if it is none. A package of that
// name is still checked by a path: txcheck ./rules.
func subcommand(word string) runner {
	switch word {
	case "why":
		return why
	case "baseline":
		return writeBaseline
	case "protocols":
		return protocols
	case "explain":
		return saying(explain)
	case "rules":
		return saying(listRules)
	case "version":
		return saying(build)
	case "help":
		return saying(help)
	}
	return nil
}

// saying makes a subcommand of what only prints.
func saying(say func(args []string) (string, error)) runner {
	return func(_ context.Context, args []string, stdout, stderr io.Writer) int {
		text, err := say(args)
		if err != nil {
			return fail(stderr, err)
		}
		if _, err := io.WriteString(stdout, text); err != nil {
			return fail(stderr, err)
		}
		return exitClean
	}
}

// explain returns the pages of the rules that are named, or of all.
func explain(args []string) (string, error) {
	var pages []string
	all := passes.New(passes.DefaultOptions())
	for _, name := range args {
		i := slices.IndexFunc(all, func(a *analysis.Analyzer) bool { return a.Name == name })
		if i < 0 {
			return "", fmt.Errorf("no rule %q: `txcheck rules` lists them", name)
		}
		pages = append(pages, page(all[i]))
	}
	for _, a := range all {
		if len(args) == 0 {
			pages = append(pages, page(a))
		}
	}
	return strings.Join(pages, "\n"), nil
}

// page is what a terminal shows of a rule.
func page(a *analysis.Analyzer) string {
	return strings.TrimRight(a.Doc, "\n") + "\n\n" + a.URL + "\n"
}

// listRules returns a line for each rule.
func listRules(args []string) (string, error) {
	if len(args) > 0 {
		return "", errors.New("rules takes no arguments: `txcheck explain RULE` tells about one")
	}
	var b strings.Builder
	for _, r := range rules() {
		fmt.Fprintf(&b, "%s\n", r.Summary)
		fmt.Fprintf(&b, "    %s\n", r.URL)
	}
	return b.String(), nil
}

// help returns the text of a topic.
func help(args []string) (string, error) {
	switch {
	case len(args) == 0:
		var b strings.Builder
		usage(&b)
		return b.String(), nil
	case len(args) > 1:
		return "", errors.New("help takes one topic")
	}
	if text, ok := topics[args[0]]; ok {
		return text, nil
	}
	if text, err := explain(args); err == nil {
		return text, nil
	}
	return "", fmt.Errorf("no topic %q: `txcheck help` lists them", args[0])
}
