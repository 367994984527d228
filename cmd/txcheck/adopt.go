package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/baseline"
	"github.com/txcheck/txcheck/internal/config"
	"github.com/txcheck/txcheck/internal/govet"
	"github.com/txcheck/txcheck/internal/newfrom"
	"github.com/txcheck/txcheck/internal/protocol"
	"github.com/txcheck/txcheck/internal/report"
	"github.com/txcheck/txcheck/passes"
)

// adoption says which findings a project that has many wants to see.
type adoption struct {
	newFrom  string // a revision
	baseline string // a file
	tests    bool

	change *newfrom.Change
	known  *baseline.File
}

// bind declares the flags.
func (a *adoption) bind(flags *flag.FlagSet) {
	flags.StringVar(&a.newFrom, "new-from", "", "report only what was touched since this git `revision`")
	flags.StringVar(&a.baseline, "baseline", "", "report only what this `file` does not list; see txcheck help baseline")
	flags.BoolVar(&a.tests, "tests", true, "report findings in test files, too")
}

// check refuses what does not go together: the go command mends whole packages.
func (a *adoption) check(mends bool) error {
	switch {
	case mends && a.newFrom != "":
		return errors.New("-fix and -diff are about all findings of a package and take no -new-from")
	case mends && a.baseline != "":
		return errors.New("-fix and -diff are about all findings of a package and take no -baseline")
	case mends && !a.tests:
		return errors.New("-fix and -diff are about all findings of a package and take no -tests=false")
	}
	return nil
}

// prepare reads what the findings will be held against, before a run that may take
// long.
func (a *adoption) prepare(ctx context.Context, dir string) (err error) {
	if a.newFrom != "" {
		if a.change, err = newfrom.Since(ctx, dir, a.newFrom); err != nil {
			return fmt.Errorf("-new-from: %w", err)
		}
	}
	if a.baseline == "" {
		return nil
	}
	text, err := os.ReadFile(a.baseline)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("no baseline %s: `txcheck baseline write -o %s` makes one", a.baseline, a.baseline)
	} else if err != nil {
		return fmt.Errorf("cannot read %s: %w", a.baseline, cause(err))
	}
	a.known, err = baseline.Parse(a.baseline, text)
	return err
}

// filter leaves the findings that are to be shown, and returns what to say about
// the others.
func (a *adoption) filter(ctx context.Context, run govet.Run, res *govet.Result) (remarks []string) {
	if !a.tests {
		res.Findings = slices.DeleteFunc(res.Findings, func(f report.Finding) bool {
			return strings.HasSuffix(f.Pos.File, "_test.go")
		})
	}
	if a.known != nil {
		before := len(res.Findings)
		var gone []baseline.Entry
		res.Findings, gone = a.known.Filter(res.Findings)
		if n := before - len(res.Findings); n > 0 {
			remarks = append(remarks, fmt.Sprintf("%s not shown: known to %s", counted(n, "finding"), a.baseline))
		}
		if n := analysed(ctx, run, gone, a.tests); n > 0 {
			remarks = append(remarks, fmt.Sprintf("%s no longer there: listed in %s, which `txcheck baseline write` brings up to date",
				counted(n, "finding"), a.baseline))
		}
	}
	if a.change != nil {
		before := len(res.Findings)
		res.Findings = slices.DeleteFunc(res.Findings, func(f report.Finding) bool { return !a.change.IsNew(f) })
		if n := before - len(res.Findings); n > 0 {
			remarks = append(remarks, fmt.Sprintf("%s not shown: older than %s", counted(n, "finding"), a.newFrom))
		}
	}
	return remarks
}

// analysed counts the entries whose packages were looked at in this run: of others
// it is not known whether they still hold.
func analysed(ctx context.Context, run govet.Run, gone []baseline.Entry, tests bool) (n int) {
	if len(gone) == 0 {
		return 0
	}
	names := run.List(ctx)
	for _, e := range gone {
		test := strings.HasSuffix(e.Package, "_test")
		if slices.Contains(names, e.Package) || tests && test && slices.Contains(names, strings.TrimSuffix(e.Package, "_test")) {
			n += e.Count
		}
	}
	return n
}

// counted puts a number and its verb in words.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return fmt.Sprintf("%d %ss are", n, what)
}

// configure reads the configuration. The tool reads it itself in every package that
// is below it; the libraries are passed on as a flag as well, so that they are known
// in downloaded modules, too. What is wrong with such a flag is said here, once, and
// not in each package.
func (s *settings) configure() error {
	conf, err := config.Load(s.run.Dir)
	if err != nil {
		return err
	}
	name := "-" + passes.New(passes.DefaultOptions())[0].Name + ".protocols"
	given := false
	for _, f := range s.run.Flags {
		if text, ok := strings.CutPrefix(f, name+"="); ok {
			given = true
			if _, err := protocol.Load(name, []byte(text)); err != nil {
				return err
			}
		}
	}
	if text := conf.Protocols(); text != "" && !given {
		s.run.Flags = append(s.run.Flags, name+"="+text)
	}
	return nil
}
