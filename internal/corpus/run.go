package corpus

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Result is what all paths of one case have shown. The types mirror those of
// txprobe, which is in another module.
type Result struct {
	Package, Case string
	Paths         int
	Abandoned     int
	Blocked       int
	Capped        bool
	Late          bool
	Leaks         []Leak
	Marks         []Mark
	Errors        []string
	// Sound are the paths that end all they begin: what the program was told there, and
	// what the driver was asked to do, in order.
	Sound []string
}

// Changed returns the sound paths of the case that the same case no longer has after
// some edits: what it asks of the driver there has changed.
func (r *Result) Changed(after *Result) (paths []string) {
	kept := make(map[string]bool, len(after.Sound))
	for _, path := range after.Sound {
		kept[path] = true
	}
	for _, path := range r.Sound {
		if !kept[path] {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// A Mark is the line of a return, or of the end of a body, that was executed.
type Mark struct {
	File string
	Line int
}

// A Leak is a transaction that stays open, with the places that it may be
// reported at.
type Leak struct {
	Exits   []Exit
	Choices string
	Trace   []string
}

// An Exit is a place that a leak may be reported at.
type Exit struct {
	Kind  string
	File  string
	Line  int
	Func  string
	Begin int
}

// Run builds the instrumented cases in a folder tmp and runs those whose name, or the
// path of whose package, contains only. Returns holds the lines of all return
// statements by file, for the packages that are run as a whole.
//
// Each package has a command of its own: libraries that register the same flags
// or drivers cannot live in one process.
func (c *Corpus) Run(ctx context.Context, tmp, only string) (results []Result, returns map[string][]int, err error) {
	overlay := map[string]string{}
	returns = map[string][]int{}
	add := func(name string, src []byte) error {
		real := filepath.Join(tmp, fmt.Sprintf("%d.go", len(overlay)))
		overlay[filepath.Join(c.Dir, filepath.FromSlash(name))] = real
		return os.WriteFile(real, src, 0o666)
	}
	type command struct{ name, only string }
	var commands []command
	for i, p := range c.Packages {
		if p.NotRun {
			continue
		}
		for _, f := range p.Files {
			if f.isEngine() {
				continue
			}
			src, lines := f.instrument()
			if strings.Contains(p.Path, only) {
				returns[f.Name] = lines
			}
			if err := add(f.Name, src); err != nil {
				return nil, nil, err
			}
		}
		run := command{fmt.Sprintf("case%d", i), only}
		if strings.Contains(p.Path, only) {
			run.only = ""
		}
		if !p.runnable() || !p.hasCase(run.only) {
			continue
		}
		commands = append(commands, run)
		main := fmt.Sprintf(mainText, probe, p.Path, p.Path)
		if err := add("truth/"+run.name+"/main.go", []byte(main)); err != nil {
			return nil, nil, err
		}
	}
	if len(commands) == 0 {
		return nil, returns, nil
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, nil, err
	}
	overlayFile := filepath.Join(tmp, "overlay.json")
	if err := os.WriteFile(overlayFile, text, 0o666); err != nil {
		return nil, nil, err
	}
	args := []string{"build", "-p", "2", "-overlay", overlayFile, "-ldflags=-s -w", "-o", tmp + string(filepath.Separator)}
	for _, run := range commands {
		args = append(args, "./truth/"+run.name)
	}
	if err := c.command(ctx, "go", args...); err != nil {
		return nil, nil, err
	}
	for _, run := range commands {
		bin := filepath.Join(tmp, run.name)
		args := []string{"-out", bin + ".json", "-only", run.only}
		if c.Paths > 0 {
			args = append(args, fmt.Sprintf("-paths=%d", c.Paths))
		}
		failed := c.command(ctx, bin, args...)
		text, err := os.ReadFile(bin + ".json")
		if err != nil { // not merely a case that fails its *testing.T
			return nil, nil, failed
		}
		var part []Result
		if err := json.Unmarshal(text, &part); err != nil {
			return nil, nil, err
		}
		results = append(results, part...)
	}
	return results, returns, nil
}

// mainText is the command of one package.
const mainText = `package main

import (
	%q
	cases %q
)

func main() { txprobe.Main(%q, cases.New) }
`

func (c *Corpus) command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Second // for those that it has started
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, out)
	}
	return nil
}
