package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAction runs the steps of the GitHub action as a runner would.
func TestAction(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	steps := regexp.MustCompile(`(?m)^ +run: (.*)$`).FindAllStringSubmatch(read(t, root+"/action.yml"), -1)
	if len(steps) != 2 {
		t.Fatalf("action.yml has %d steps that run something, want 2: one builds, one checks", len(steps))
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	step := func(i int) (string, int) {
		cmd := exec.Command("bash", "-e", "-c", steps[i][1])
		cmd.Dir = filepath.Join(top, "examples/update")
		cmd.Env = append(os.Environ(), "GITHUB_ACTION_PATH="+top, "RUNNER_TEMP="+temp, "ARGS=-format concise ./...")
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	if out, code := step(0); code != 0 {
		t.Fatalf("building: exit code %d\n%s", code, out)
	}
	out, code := step(1)
	if code != 1 || !strings.HasPrefix(out, "update.go:") {
		t.Errorf("checking: exit code %d, want 1 and findings\n%s", code, out)
	}
}
