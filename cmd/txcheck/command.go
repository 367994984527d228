package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/txcheck/txcheck/internal/govet"
	"github.com/txcheck/txcheck/internal/protocol"
	"github.com/txcheck/txcheck/internal/report"
	"github.com/txcheck/txcheck/passes"
)

// settings is a command line, read.
type settings struct {
	run       govet.Run
	out       output
	adopt     adoption
	fix, diff bool
	exitZero  bool
	verbose   bool
}

// command is the program that people run. It returns the exit code.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		if run := subcommand(args[0]); run != nil {
			return run(ctx, args[1:], stdout, stderr)
		}
	}
	set, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		usage(stdout)
		return exitClean
	case errors.Is(err, errVersion):
		fmt.Fprintln(stdout, versionLine())
		return exitClean
	case err != nil:
		return fail(stderr, err)
	}
	found, err := set.execute(ctx, stdout, stderr)
	switch {
	case err != nil:
		return fail(stderr, err)
	case found && !set.exitZero:
		return exitFindings
	}
	return exitClean
}

// fail says why there is no result, or not a whole one. Compilers and the go
// command speak in several lines, which stay as they are; what this executable
// said as a tool of go vet has the prefix already.
func fail(stderr io.Writer, err error) int {
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "txcheck: interrupted")
		return exitInterrupted
	}
	text := strings.TrimPrefix(err.Error(), "txcheck: ")
	if _, ok := errors.AsType[*protocol.Error](err); ok { // with its excerpt
		fmt.Fprintf(stderr, "txcheck: %s\n", text)
		return exitTrouble
	}
	if strings.Contains(text, "\n") {
		fmt.Fprintln(stderr, text)
		text = "not every package could be analysed"
	}
	fmt.Fprintf(stderr, "txcheck: %s\n", text)
	return exitTrouble
}

// execute analyses, prints and mends, and reports whether something was found
// that is still there. Trouble with some packages does not hide the findings in
// the others.
func (s *settings) execute(ctx context.Context, stdout, stderr io.Writer) (found bool, err error) {
	if err := s.configure(); err != nil {
		return false, err
	}
	if err := s.adopt.prepare(ctx, s.run.Dir); err != nil {
		return false, err
	}
	res, err := s.check(ctx, stderr)
	if err != nil {
		return false, err
	}
	if s.fix && len(res.Findings) > 0 {
		if err := s.mend(ctx, res.Findings); err != nil {
			return false, err
		}
		// What is left is what a second look sees.
		if res, err = s.check(ctx, stderr); err != nil {
			return false, err
		}
	}
	remarks := s.adopt.filter(ctx, s.run, res)
	fmt.Fprint(stderr, res.Notes)

	if s.diff {
		found, err = s.printDiff(ctx, stdout, res)
	} else {
		found, err = len(res.Findings) > 0, s.print(stdout, res, remarks)
	}
	if err == nil && len(res.Trouble) > 0 {
		err = errors.New(strings.Join(res.Trouble, "\n"))
	}
	return found, err
}

// mend applies the fixes to all files, or to none.
func (s *settings) mend(ctx context.Context, findings []report.Finding) error {
	files, err := s.run.Fixed(ctx, findings)
	if err != nil {
		return err
	}
	return replaceFiles(files)
}

// print writes the findings in the chosen format.
func (s *settings) print(stdout io.Writer, res *govet.Result, remarks []string) error {
	rep, err := s.describe(res)
	if err != nil {
		return err
	}
	rep.Remarks = remarks
	return s.out.print(stdout, rep)
}

// printDiff writes what -fix would change, and reports whether that is anything.
func (s *settings) printDiff(ctx context.Context, stdout io.Writer, res *govet.Result) (found bool, err error) {
	diff := ""
	if len(res.Findings) > 0 {
		if diff, err = s.run.Diff(ctx, res.Findings); err != nil {
			return false, err
		}
	}
	return diff != "", s.out.write(stdout, []byte(diff))
}

// errVersion asks for the version instead of a run.
var errVersion = errors.New("version")

// parse reads a command line.
func parse(args []string) (*settings, error) { return parseWith(args) }

// parseWith reads a command line that may name no packages: then it is about others.
func parseWith(args []string, otherwise ...string) (*settings, error) {
	var s settings
	flags, own := s.flagSet()
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, fmt.Errorf("%w; `txcheck -help` lists the flags", err)
	}
	if *own.version {
		return nil, errVersion
	}
	if s.run.Packages = flags.Args(); len(s.run.Packages) == 0 {
		s.run.Packages = otherwise
	}
	if len(s.run.Packages) == 0 {
		return nil, errors.New("no packages named: `txcheck ./...` checks the module you are in, `txcheck -help` tells more")
	}
	for _, p := range s.run.Packages {
		if strings.HasPrefix(p, "-") {
			return nil, fmt.Errorf("flag %s stands after the packages: flags go first", p)
		}
	}
	if s.run.Dir != "" {
		// The dot tells whether one may enter, too.
		if _, err := os.Stat(s.run.Dir + "/."); err != nil {
			return nil, fmt.Errorf("cannot run in %s: %w", s.run.Dir, cause(err))
		}
	}
	if err := s.adopt.check(s.fix || s.diff); err != nil {
		return nil, err
	}
	if s.fix && s.diff {
		s.fix = false // as with go vet, -diff shows what -fix would do
	}
	if s.diff && own.given(flags, "format") {
		return nil, errors.New("-diff prints a unified diff and takes no -format")
	}
	if err := s.out.check(); err != nil {
		return nil, err
	}
	var err error
	if s.run.Tool, err = os.Executable(); err != nil {
		return nil, err
	}
	s.run.Flags = own.forGoVet(flags)
	return &s, nil
}

// ownFlags are the flags that end here; all others are for go vet.
type ownFlags struct {
	names   map[string]bool
	version *bool
}

// flagSet declares every flag of the command: its own, the build flags that it
// passes on, and those of the rules, named as go vet names them.
func (s *settings) flagSet() (*flag.FlagSet, *ownFlags) {
	flags := flag.NewFlagSet("txcheck", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	own := &ownFlags{names: make(map[string]bool)}
	flags.StringVar(&s.run.Dir, "C", "", "run in this `directory`")
	flags.BoolVar(&s.fix, "fix", false, "apply the first fix of each finding, then print what is left")
	flags.BoolVar(&s.diff, "diff", false, "print the fixes as a unified diff and change nothing")
	flags.BoolVar(&s.exitZero, "exit-zero", false, "exit with 0 even if something was found")
	flags.BoolVar(&s.verbose, "v", false, "print timings on stderr")
	s.out.bind(flags)
	s.adopt.bind(flags)
	own.version = flags.Bool("version", false, "print the version")
	flags.VisitAll(func(f *flag.Flag) { own.names[f.Name] = true })

	flags.String("tags", "", "build `tags`, as for go build")
	flags.String("mod", "", "module download `mode`, as for go build")
	for _, a := range passes.New(passes.DefaultOptions()) {
		flags.Bool(a.Name, true, "run this rule; =false switches it off")
		a.Flags.VisitAll(func(f *flag.Flag) { flags.Var(f.Value, a.Name+"."+f.Name, f.Usage) })
	}
	return flags, own
}

// given reports whether the user set a flag.
func (o *ownFlags) given(flags *flag.FlagSet, name string) (set bool) {
	flags.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}

// forGoVet returns the flags that the user set and go vet is to see.
func (o *ownFlags) forGoVet(flags *flag.FlagSet) (args []string) {
	flags.Visit(func(f *flag.Flag) {
		if !o.names[f.Name] {
			args = append(args, "-"+f.Name+"="+f.Value.String())
		}
	})
	return args
}
