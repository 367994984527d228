package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// A bench is a module under measurement.
type bench struct {
	dir      string
	packages []string
	bin      string // the executables
	salt     int    // of the tools' identities: another one makes a run cold
}

// A tool is what is measured.
type tool struct {
	name       string
	cold, warm []usage
	failure    string // why it was given up, in a line
}

// A usage is what one run has cost.
type usage struct {
	cpu  float64 // seconds
	peak float64 // megabytes of the largest process
}

// newBench builds the executables that the tools need.
func newBench(dir string, packages, tools []string) (*bench, error) {
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		return nil, fmt.Errorf("%s has no go.mod", dir)
	}
	bin, err := os.MkdirTemp("", "txcheck-bench")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, packages: packages, bin: bin, salt: os.Getpid()}
	for _, name := range tools {
		if err := b.build(name); err != nil {
			b.close()
			return nil, err
		}
	}
	return b, nil
}

func (b *bench) close() { os.RemoveAll(b.bin) }

// build makes the executable of a tool. All peers are one, under different names.
func (b *bench) build(name string) error {
	dir, what := ".", "./peer"
	switch {
	case name == "vet":
		return nil
	case name == "txcheck":
		dir, what = filepath.Join("..", ".."), "./cmd/txcheck"
	case isGolangci(name):
		dir, what = filepath.Join("..", "golangci"), "."
	}
	cmd := exec.Command("go", "build", "-C", dir, "-o", filepath.Join(b.bin, name), what)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %v\n%s", name, err, out)
	}
	return nil
}

// run analyses the module once. A module that does not compile, and a tool that
// crashes, have no cost that could be compared.
func (b *bench) run(t *tool) (used usage, failure string, err error) {
	cmd, err := b.command(t)
	if err != nil {
		return usage{}, "", err
	}
	cmd.Dir = b.dir
	cmd.Env = append(cmd.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return usage{}, "", err
	}
	if err != nil {
		text := strings.TrimSpace(string(out))
		return usage{}, text[strings.LastIndexByte(text, '\n')+1:], nil
	}
	used.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		used.peak = float64(r.Maxrss) / 1024
	}
	return used, "", nil
}

// command runs a tool in such a way that what it finds does not make it fail.
func (b *bench) command(t *tool) (*exec.Cmd, error) {
	if isGolangci(t.name) {
		return b.golangci(t.name)
	}
	args := []string{"vet", "-json"}
	if t.name == "vet" {
		// Its identity is its version; its flags are part of what is cached by.
		args = append(args, "-printf.funcs=salt"+strconv.Itoa(b.salt))
	} else {
		salted, err := b.salted(t.name)
		if err != nil {
			return nil, err
		}
		args = append(args, "-vettool="+salted)
	}
	return exec.Command("go", append(args, b.packages...)...), nil
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
