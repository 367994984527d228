//go:build unix

package e2e

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
)

// What may not be read is told in one line each. The superuser may read everything,
// so that the test becomes somebody else for it.
func TestUnreadable(t *testing.T) {
	dir, err := os.MkdirTemp("", "unreadable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for _, d := range []string{dir, filepath.Join(dir, "m"), filepath.Join(dir, "m", "secret"), filepath.Join(dir, "cache")} {
		if err := os.MkdirAll(d, 0o777); err != nil {
			t.Fatal(err)
		}
		// Of a directory that others may write to, umask leaves less.
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	tool := filepath.Join(dir, "txcheck")
	put(t, tool, read(t, filepath.Join(bin, "txcheck")), 0o755)
	put(t, filepath.Join(dir, "m", "go.mod"), "module m\n\ngo 1.26\n", 0o644)
	put(t, filepath.Join(dir, "m", "a.go"), "package m\n", 0o644)
	config, baseline := filepath.Join(dir, "m", ".txcheck.yml"), filepath.Join(dir, "baseline.json")
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(tool, args...)
		cmd.Dir = filepath.Join(dir, "m")
		cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(dir, "cache"), "HOME="+dir, "GOENV=off", "GOFLAGS=")
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != 2 {
			t.Errorf("%v: exit code %d, want 2", args, code)
		}
		return string(out)
	}

	put(t, config, "panics: true\n", 0)
	check(t, run("./..."), `^txcheck: cannot read \.txcheck\.yml: permission denied\n$`)
	if err := os.Remove(config); err != nil {
		t.Fatal(err)
	}
	put(t, baseline, "{}", 0)
	check(t, run("-baseline", baseline, "./..."), `^txcheck: cannot read .*baseline\.json: permission denied\n$`)
	if err := os.Chmod(filepath.Join(dir, "m", "secret"), 0); err != nil {
		t.Fatal(err)
	}
	check(t, run("./..."), `^txcheck: .*secret: permission denied\n$`)
	check(t, run("-C", "secret", "."), `^txcheck: .*secret.*: permission denied\n$`)
}

// put writes a file with just these permissions.
func put(t *testing.T, name, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, got, pattern string) {
	t.Helper()
	if !regexp.MustCompile(pattern).MatchString(got) {
		t.Errorf("got %q, want %s", got, pattern)
	}
}
