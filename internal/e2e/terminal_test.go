package e2e

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/creack/pty"
)

// A terminal gets colours, lines that fit and, if it is known for them, links; the
// environment has the last word.
func TestTerminal(t *testing.T) {
	const columns = 60
	escapes := regexp.MustCompile(`\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\`)
	for _, test := range []struct {
		env           string
		colors, links bool
	}{
		{"TERM=xterm", true, false},
		{"TERM=xterm-kitty", true, true},
		{"TERM=xterm-kitty NO_COLOR=1", false, false},
		{"TERM=dumb", false, false},
		{"TERM=dumb CLICOLOR_FORCE=1", true, false},
	} {
		t.Run(test.env, func(t *testing.T) {
			out := inTerminal(t, columns, strings.Fields(test.env), "./...")
			if got := strings.Contains(out, "\x1b["); got != test.colors {
				t.Errorf("colours: %v, want %v", got, test.colors)
			}
			if got := strings.Contains(out, "\x1b]8;;file://"); got != test.links {
				t.Errorf("links: %v, want %v", got, test.links)
			}
			for line := range strings.Lines(escapes.ReplaceAllString(out, "")) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\r\n")); n > columns {
					t.Errorf("line of %d columns: %s", n, line)
				}
			}
		})
	}
}

// inTerminal runs the command on the example in a terminal of some columns, and
// returns all that it prints.
func inTerminal(t *testing.T, columns uint16, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "txcheck"), args...)
	cmd.Dir = root + "/examples/update"
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "TERM", "TERM_PROGRAM", "NO_COLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK", "COLUMNS", "CI",
			"VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, env...)
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: columns})
	if err != nil {
		t.Skipf("no terminal: %v", err)
	}
	defer terminal.Close()
	out, err := io.ReadAll(terminal)
	// Linux says EIO where the last program in a terminal has ended.
	if err != nil && !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 1 {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	return erased.ReplaceAllString(string(out), "")
}

// erased is what a line held before progress was wiped off it.
var erased = regexp.MustCompile(`[^\n]*\r\x1b\[K`)
