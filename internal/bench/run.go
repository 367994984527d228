package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// A bench is a module under measurement.
type bench struct {
	dir      string
	packages []string
	bin      string // the executables
	salt     int    // of the tools' identities: another one makes a run cold
}

// A tool is what go vet is run with.
type tool struct {
	name       string
	cold, warm []usage
}

// A usage is what one run has cost.
type usage struct {
	cpu  float64 // seconds
	peak float64 // megabytes of the largest process
}

// newBench builds the executables: txcheck, and one for all peers.
func newBench(dir string, packages []string) (*bench, error) {
	bin, err := os.MkdirTemp("", "txcheck-bench")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, packages: packages, bin: bin, salt: os.Getpid()}
	for target, args := range map[string][]string{
		"txcheck": {"-C", filepath.Join("..", ".."), "build", "-o", filepath.Join(bin, "txcheck"), "./cmd/txcheck"},
		"peer":    {"build", "-o", filepath.Join(bin, "peer"), "./peer"},
	} {
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %v\n%s", target, err, out)
		}
	}
	return b, nil
}

func (b *bench) close() { os.RemoveAll(b.bin) }

// tool prepares a tool by name.
func (b *bench) tool(name string) (*tool, error) {
	if name != "vet" && name != "txcheck" {
		text, err := os.ReadFile(filepath.Join(b.bin, "peer"))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(b.bin, name), text, 0o777); err != nil {
			return nil, err
		}
	}
	return &tool{name: name}, nil
}

// run analyses the module once. Go vet exits with 1 if something is found, and so
// it does if something goes wrong: only the latter says so in its last line.
func (b *bench) run(t *tool) (usage, error) {
	args := []string{"vet"}
	if t.name == "vet" {
		// Its identity is its version; its flags are part of what is cached by.
		args = append(args, "-printf.funcs=salt"+strconv.Itoa(b.salt))
	} else {
		salted, err := b.salted(t.name)
		if err != nil {
			return usage{}, err
		}
		args = append(args, "-vettool="+salted)
	}
	cmd := exec.Command("go", append(args, b.packages...)...)
	cmd.Dir = b.dir
	out, err := cmd.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return usage{}, err
	}
	if err != nil && len(out) == 0 {
		return usage{}, fmt.Errorf("%s fails without a word", t.name)
	}
	used := usage{cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		used.peak = float64(r.Maxrss) / 1024
	}
	return used, nil
}

// salted returns the tool under an identity that no earlier run had, until the
// salt changes: bytes behind the end of an executable are not part of the program.
func (b *bench) salted(name string) (string, error) {
	file := filepath.Join(b.bin, strconv.Itoa(b.salt), name)
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	text, err := os.ReadFile(filepath.Join(b.bin, name))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return "", err
	}
	return file, os.WriteFile(file, append(text, "salt "+strconv.Itoa(b.salt)...), 0o777)
}
