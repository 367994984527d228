package unit

import (
	"flag"
	"fmt"
	"strconv"

	"golang.org/x/tools/go/analysis"
)

// A flagSet is a command line of the go command: flags of the protocol, and those
// of the rules.
type flagSet struct {
	json    bool
	context int // lines around a finding that are shown, -1 for none
	fix     bool
}

// parseFlags reads the flags as unitchecker does, and returns the rules that they
// leave enabled.
func parseFlags(args []string, rules []*analysis.Analyzer) (*flagSet, []*analysis.Analyzer, error) {
	f := &flagSet{context: -1}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.Usage = func() {}
	flags.BoolVar(&f.json, "json", false, "")
	flags.IntVar(&f.context, "c", -1, "")
	flags.BoolVar(&f.fix, "fix", false, "")
	for _, name := range []string{"diff", "source", "v", "all"} {
		flags.Bool(name, false, "")
	}
	for _, name := range []string{"tags", cacheKey} {
		flags.String(name, "", "")
	}
	enabled := make([]choice, len(rules))
	for i, a := range rules {
		flags.Var(&enabled[i], a.Name, "")
		a.Flags.VisitAll(func(own *flag.Flag) { flags.Var(own.Value, a.Name+"."+own.Name, "") })
	}
	if err := flags.Parse(args); err != nil {
		return nil, nil, err
	}
	if flags.NArg() > 0 {
		return nil, nil, fmt.Errorf("unexpected argument %s", flags.Arg(0))
	}
	return f, chosen(rules, enabled), nil
}

// chosen returns the rules that are switched on; if there are none, those that are
// not switched off.
func chosen(rules []*analysis.Analyzer, enabled []choice) (keep []*analysis.Analyzer) {
	wanted := unset
	for _, c := range enabled {
		if c == on {
			wanted = on
		}
	}
	for i, a := range rules {
		if enabled[i] == wanted {
			keep = append(keep, a)
		}
	}
	return keep
}

// A choice is a boolean flag that knows whether it was given.
type choice uint8

const (
	unset choice = iota
	on
	off
)

func (c *choice) IsBoolFlag() bool { return true }

func (c *choice) String() string { return strconv.FormatBool(c == nil || *c != off) }

func (c *choice) Set(text string) error {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return err
	}
	*c = off
	if b {
		*c = on
	}
	return nil
}
