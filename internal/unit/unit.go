package unit

import (
	"flag"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/txcheck/txcheck/internal/txflow"
)

// exitTrouble is the exit code for a call that no go command makes.
const exitTrouble = 2

// cacheKey is a flag without effect. The go command keeps results apart that were
// made with other flags.
const cacheKey = "cachekey"

// Main serves one call of the go command with the given rules, which read opts.
// It does not return.
func Main(opts *txflow.Options, rules []*analysis.Analyzer) {
	flag.String(cacheKey, "", "a `text` that keeps the results of this run apart from those of others")
	args := os.Args[1:]
	if len(args) == 0 || filepath.Ext(args[len(args)-1]) != ".cfg" {
		unitchecker.Main(rules...) // -flags and -V=full
	}
	progname := filepath.Base(os.Args[0])
	fail := func(err error) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", progname, err)
		os.Exit(1)
	}
	cfg, err := readConfig(args[len(args)-1])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", progname, err)
		os.Exit(exitTrouble)
	}
	flags, rules, err := parseFlags(args[:len(args)-1], rules)
	if err != nil {
		fail(err)
	}
	if flags.fix || !cfg.hasExportData() {
		unitchecker.Main(rules...)
	}
	// The process is gone before most of its garbage is worth collecting.
	debug.SetGCPercent(gcPercent)
	limit := int64(memoryLimit)
	if !cfg.standard() { // which is not looked at, but for a few small packages
		limit = max(limit, memoryPerByte*cfg.size())
	}
	debug.SetMemoryLimit(limit)
	os.Exit(serve(cfg, flags, opts, rules, fail))
}

const (
	// gcPercent lets the heap grow to several times what is alive.
	gcPercent = 400
	// memoryLimit has the collector work harder from there on.
	memoryLimit = 160 << 20
	// memoryPerByte is what a byte of source may take: a file of megabytes, as is made of
	// C code, needs more than memoryLimit, and the collector would work for nothing.
	memoryPerByte = 48
)

// serve answers for one unit and returns the exit code.
func serve(cfg *config, flags *flagSet, opts *txflow.Options, rules []*analysis.Analyzer, fail func(error)) int {
	stdout := io.Writer(os.Stdout)
	if cfg.Stdout != "" {
		f, err := os.Create(cfg.Stdout)
		if err != nil {
			fail(err)
		}
		defer f.Close()
		stdout = f
	}
	u := &unit{cfg: cfg, opts: opts, rules: rules}
	results, err := u.run()
	switch err.(type) {
	case nil:
		if cfg.VetxOnly {
			return 0
		}
		return flags.print(stdout, os.Stderr, cfg.ID, u.fset, results, fail)
	case types.Error, *scanner.Error, scanner.ErrorList:
		if cfg.SucceedOnTypecheckFailure {
			return 0
		}
		if !cfg.VetxOnly {
			fmt.Fprintln(os.Stderr, err) // as a compiler would
		}
	default:
		if !cfg.VetxOnly {
			fail(err)
		}
	}
	return 1
}

// run answers for the unit: from its text where that is enough.
func (u *unit) run() ([]result, error) {
	if len(u.rules) == 0 {
		return nil, u.write(new(answer))
	}
	v, err := u.look()
	if err != nil {
		return nil, err
	}
	if v.skip {
		if !u.cfg.VetxOnly { // what the user names must compile, whatever it holds
			u.fset = token.NewFileSet()
			if _, err := u.load(v); err != nil {
				return nil, err
			}
		}
		return nil, u.write(u.nothing(v))
	}
	return u.analyze(v)
}
