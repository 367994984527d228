package e2e

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// slowly makes a directory with a go command that takes its time over go vet.
func slowly(t *testing.T, seconds string) (path string) {
	t.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = vet ] && sleep %s\nexec %s \"$@\"\n", seconds, real)
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	return dir + string(filepath.ListSeparator) + os.Getenv("PATH")
}

// A run of more than a second shows progress on a terminal, and wipes it off again.
func TestProgress(t *testing.T) {
	cmd := exec.Command(filepath.Join(bin, "txcheck"), "-v", "-color", "never", "./...")
	cmd.Dir = root + "/examples/update"
	cmd.Env = append(os.Environ(), "PATH="+slowly(t, "3"), "TERM=xterm")
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Skipf("no terminal: %v", err)
	}
	defer terminal.Close()
	printed, _ := io.ReadAll(terminal) // Linux ends with EIO
	cmd.Wait()
	out := string(printed)
	if !strings.Contains(out, "\r\x1b[Ktxcheck: 0/1 packages") {
		t.Errorf("no progress in\n%q", out)
	}
	rest := erased.ReplaceAllString(out, "")
	if strings.Contains(rest, "/1 packages") || !strings.Contains(rest, "txcheck: go vet took ") ||
		!strings.Contains(rest, "packages 1, findings 2") {
		t.Errorf("what stays is\n%q", rest)
	}

	// Nobody else sees any of it.
	cmd = exec.Command(filepath.Join(bin, "txcheck"), "./...")
	cmd.Dir = root + "/examples/update"
	cmd.Env = append(os.Environ(), "PATH="+slowly(t, "2"), "TERM=xterm")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Run()
	if stderr.Len() > 0 {
		t.Errorf("without a terminal: %q", stderr.String())
	}
}

// Ctrl-C ends a run in the middle: nothing is written, and no child is left.
func TestInterrupt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report")
	if err := os.WriteFile(file, []byte("of old"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(bin, "txcheck"), "-o", file, "./...")
	cmd.Dir = root + "/examples/update"
	// An empty cache keeps the go command busy.
	cmd.Env = append(os.Environ(), "GOCACHE="+t.TempDir(), "TERM=xterm")
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Skipf("no terminal: %v", err)
	}
	defer terminal.Close()
	var out strings.Builder
	buf := make([]byte, 1000)
	for interrupted := false; ; {
		n, err := terminal.Read(buf)
		out.Write(buf[:n])
		if err != nil {
			break
		}
		if !interrupted && strings.Contains(out.String(), " packages") {
			interrupted = true
			if _, err := terminal.Write([]byte{3}); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 || !strings.Contains(out.String(), "txcheck: interrupted") {
		t.Errorf("exit code %d, want 130\n%q", code, out.String())
	}
	if got := read(t, file); got != "of old" {
		t.Errorf("the report has become %q", got)
	}
	if left := session(cmd.Process.Pid); len(left) > 0 {
		time.Sleep(200 * time.Millisecond) // what was killed may not have been waited for
		if left = session(cmd.Process.Pid); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// session lists the processes of a session, where there is a /proc to look at.
func session(id int) (left []string) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		text, _ := os.ReadFile(stat)
		// The name of the program is in brackets and may hold anything; the state, the
		// parent, the process group and the session follow.
		_, rest, _ := bytes.Cut(text, []byte(") "))
		fields := strings.Fields(string(rest))
		if len(fields) > 3 && fields[3] == fmt.Sprint(id) && fields[0] != "Z" {
			left = append(left, string(text))
		}
	}
	return left
}
