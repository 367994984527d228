// Package govet has the go command run an analysis tool and reads what comes back.
//
// The go command loads packages, runs the tool on each of them in parallel and
// keeps results in its build cache; this package only starts
// `go vet -vettool=TOOL`, decodes the JSON and turns it into findings. It knows
// nothing of what the tool looks for. Output that it cannot read is trouble, to
// be shown to the user, and never taken for "no findings".
package govet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/txcheck/txcheck/internal/report"
)

// A Run says which packages to analyse, and with what.
type Run struct {
	Tool     string   // executable that speaks the vet protocol
	Dir      string   // where to run the go command; "" is the current directory
	Flags    []string // for go vet: build flags and flags of the tool
	Packages []string
	// Progress, if set, is called once for each package that Check is done with,
	// from any goroutine.
	Progress func()
}

// A Result is what one run of go vet told.
type Result struct {
	Findings []report.Finding
	// Trouble is what went wrong with some or all packages, in the words of the
	// go command, the compiler or the tool; each entry may have several lines.
	Trouble []string
	// Notes are lines of stderr of a run without trouble: debug output.
	Notes string

	printed  bool     // the tool was run, and has printed something
	answered []string // the packages, and variants for tests, that it has named
}

// Check analyses the packages. The error is non-nil if the go command could not
// be started; packages that do not compile are Trouble.
func (r Run) Check(ctx context.Context) (*Result, error) {
	res, err := r.check(ctx)
	if err != nil || len(res.Trouble) == 0 || res.printed {
		return r.complete(ctx, res, err)
	}
	// A package that cannot be loaded keeps go vet from all others.
	good, reasons := r.loadable(ctx)
	if len(good) == 0 || len(reasons) == 0 {
		return res, nil
	}
	r.Packages = good
	if res, err = r.check(ctx); err != nil {
		return nil, err
	}
	res.Trouble = append(reasons, res.Trouble...)
	return r.complete(ctx, res, nil)
}

// check runs go vet once.
func (r Run) check(ctx context.Context) (*Result, error) {
	out, err := r.vet(ctx, "-json")
	if err != nil {
		return nil, err
	}
	res := new(Result)
	text := res.decode(out.stdout)
	// Before Go 1.26 the JSON is on stderr, between headings of the go command.
	text += res.decode(out.stderr)
	res.Findings = report.Sort(res.Findings)
	if out.failed {
		res.Trouble = append(res.Trouble, explain(text)...)
	} else {
		res.Notes = notes(text)
	}
	return res, nil
}

// loadable returns the packages that can be loaded with their tests, and why
// others cannot. It returns nothing if the go command does not tell.
func (r Run) loadable(ctx context.Context) (good, reasons []string) {
	args := []string{"list", "-e", "-test", "-json=ImportPath,ForTest,Error,DepsErrors"}
	args = append(args, buildFlags(r.Flags)...)
	out, err := r.goCommand(ctx, append(append(args, "--"), r.Packages...))
	if err != nil || out.failed {
		return nil, nil
	}
	packages, err := parseList(out.stdout)
	if err != nil {
		return nil, nil
	}
	return whole(packages)
}

// Fixed returns the files that the first fix of every finding that Check has returned
// changes, as they become. Nothing is written: the go command would leave half a file
// where the disk is full.
func (r Run) Fixed(ctx context.Context, findings []report.Finding) (map[string][]byte, error) {
	diff, err := r.Diff(ctx, findings)
	if err != nil {
		return nil, err
	}
	return patch(diff, os.ReadFile)
}

// Diff returns, as a unified diff, what Fixed is about.
func (r Run) Diff(ctx context.Context, findings []report.Finding) (string, error) {
	if r.Packages = r.mendable(ctx, findings); len(r.Packages) == 0 {
		return "", nil
	}
	if r.forgets(ctx) {
		r = r.apart(r.Packages)
	}
	out, err := r.vet(ctx, "-fix", "-diff")
	// The go command fails when there is a difference, too.
	if err == nil && out.failed {
		if reasons := explain(string(out.stderr)); len(out.stdout) == 0 || reasons[0] != noReason {
			err = errors.New(strings.Join(reasons, "\n"))
		}
	}
	return string(out.stdout), err
}

// mendable returns the packages that have findings, and no others: one that is broken
// keeps the go command from mending any. Of them it returns those of the main modules.
// What was downloaded, or copied to a vendor directory, is somebody else's.
func (r Run) mendable(ctx context.Context, findings []report.Finding) (packages []string) {
	const mark = "{{if or .Standard (and .Module (not .Module.Main))}}-{{else}}{{.ImportPath}}{{end}}"
	for _, path := range r.list(ctx, mark) {
		if path == "command-line-arguments" {
			return r.Packages // made of files that were named
		}
		// "p [p.test]" and "p_test [p.test]" are p and its tests.
		if slices.ContainsFunc(findings, func(f report.Finding) bool {
			name, _, _ := strings.Cut(f.Package, " ")
			return name == path || name == path+"_test"
		}) {
			packages = append(packages, path)
		}
	}
	return packages
}

// output is what a process printed, and whether its exit status was not 0.
type output struct {
	stdout, stderr []byte
	failed         bool
}

// vet runs go vet with extra flags ahead of r.Flags. With -trimpath its cache does not
// tell two copies of a module apart, and the findings would have the paths of the
// other one.
func (r Run) vet(ctx context.Context, flags ...string) (output, error) {
	args := append([]string{"vet", "-vettool=" + r.Tool}, flags...)
	args = append(args, r.Flags...)
	args = append(args, "-trimpath=false", "--")
	return r.goCommand(ctx, append(args, r.Packages...))
}

// interruptDelay is how long a signal may take to arrive.
const interruptDelay = time.Second

// goCommand runs the go command. If the context ends, it is told to stop, which it
// does once the tools that it has started are done: none is left behind.
func (r Run) goCommand(ctx context.Context, args []string) (output, error) {
	stdout, stderr := &counter{done: r.Progress}, &counter{done: r.Progress}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = r.Dir, stdout, stderr
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) != nil { // not on Windows
			return cmd.Process.Kill()
		}
		return nil
	}
	err := cmd.Run()
	if err != nil && stderr.text.Len() == 0 {
		// A terminal interrupts both, and the go command, which then says nothing, may
		// have ended before this process has heard of it.
		select {
		case <-ctx.Done():
		case <-time.After(interruptDelay):
		}
	}
	if ctx.Err() != nil {
		return output{}, ctx.Err()
	}
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return output{}, fmt.Errorf("cannot run the go command: %w", err)
	}
	return output{stdout.text.Bytes(), stderr.text.Bytes(), err != nil}, nil
}
