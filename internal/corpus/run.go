package corpus

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Result is what all paths of one case have shown. The types mirror those of
// txprobe, which is in another module.
type Result struct {
	Package, Case string
	Paths         int
	Abandoned     int
	Blocked       int
	Capped        bool
	Leaks         []Leak
	Marks         []Mark
	Errors        []string
}

// A Mark is a line of a return that was executed.
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

// Run builds the instrumented cases in a folder tmp and runs those whose name
// contains only. Returns holds the lines of all return statements by file.
func (c *Corpus) Run(tmp, only string) (results []Result, returns map[string][]int, err error) {
	overlay := map[string]string{}
	returns = map[string][]int{}
	var imports, entries strings.Builder
	for i, p := range c.Packages {
		if p.Main {
			continue
		}
		fmt.Fprintf(&imports, "\tp%d %q\n", i, p.Path)
		fmt.Fprintf(&entries, "\t\t%q: p%d.New,\n", p.Path, i)
		for j, f := range p.Files {
			src, lines := f.instrument()
			returns[f.Name] = lines
			name := filepath.Join(tmp, fmt.Sprintf("%d_%d.go", i, j))
			if err := os.WriteFile(name, src, 0o666); err != nil {
				return nil, nil, err
			}
			overlay[filepath.Join(c.Dir, filepath.FromSlash(f.Name))] = name
		}
	}
	main := fmt.Sprintf(`package main

import (
	%q
%s)

func main() {
	txprobe.Main(map[string]func(*txprobe.Probe) any{
%s	})
}
`, module+"/txprobe", &imports, &entries)
	mainFile, overlayFile := filepath.Join(tmp, "main.go"), filepath.Join(tmp, "overlay.json")
	overlay[filepath.Join(c.Dir, "txprobe", "truth", "main.go")] = mainFile
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(mainFile, []byte(main), 0o666); err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(overlayFile, text, 0o666); err != nil {
		return nil, nil, err
	}
	bin, out := filepath.Join(tmp, "truth"), filepath.Join(tmp, "truth.json")
	if err := c.command("go", "build", "-p", "2", "-overlay", overlayFile, "-o", bin, "./txprobe/truth"); err != nil {
		return nil, nil, err
	}
	if err := c.command(bin, "-out", out, "-only", only); err != nil {
		if _, missing := os.Stat(out); missing != nil { // a case that fails its *testing.T is no failure
			return nil, nil, err
		}
	}
	text, err = os.ReadFile(out)
	if err != nil {
		return nil, nil, err
	}
	return results, returns, json.Unmarshal(text, &results)
}

func (c *Corpus) command(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(name), err, out)
	}
	return nil
}
