package newfrom

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Since asks git what was touched since a revision, in the working tree that a
// directory is in.
func Since(ctx context.Context, dir, revision string) (*Change, error) {
	g := git{ctx, dir}
	top, err := g.run("rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	g.dir = strings.TrimRight(string(top), "\r\n")
	name := revision + "^{commit}"
	commit, err := g.run("rev-parse", "--verify", "--quiet", "--end-of-options", name)
	if err != nil {
		if _, exited := errors.AsType[*exitError](err); exited {
			return nil, fmt.Errorf("git knows no revision %q here", revision)
		}
		return nil, err
	}
	// What the user has configured about diffs must not change what is read.
	diff, err := g.run("-c", "core.quotePath=false", "diff", "--unified=0", "--inter-hunk-context=0",
		"--find-renames", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--no-relative",
		"--ignore-submodules", "--src-prefix=a/", "--dst-prefix=b/",
		strings.TrimSpace(string(commit)), "--")
	if err != nil {
		return nil, err
	}
	c := &Change{files: make(map[string]*touched), real: make(map[string]string)}
	if c.top, err = filepath.EvalSymlinks(filepath.FromSlash(g.dir)); err != nil {
		return nil, err
	}
	if err := c.parse(diff); err != nil {
		return nil, err
	}
	untracked, err := g.run("ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(untracked), "\x00") {
		if name != "" {
			c.files[name] = &touched{whole: true}
		}
	}
	return c, nil
}

// git runs git in a directory.
type git struct {
	ctx context.Context
	dir string
}

// An exitError is what git said before it failed.
type exitError struct{ text string }

func (e *exitError) Error() string { return e.text }

func (g git) run(args ...string) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(g.ctx, "git", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = g.dir, &stdout, &stderr
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); exited {
		line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return nil, &exitError{strings.TrimSpace("git " + args[0] + ": " + strings.TrimPrefix(line, "fatal: "))}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot run git: %w", err)
	}
	return stdout.Bytes(), nil
}
