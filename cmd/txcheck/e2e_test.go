package main

import (
	"os"
	"os/exec"
	"testing"
)

// TestEndToEnd runs the module internal/e2e, which `./...` does not reach.
func TestEndToEnd(t *testing.T) {
	// What a child process reads is unknown to the cache of test results, so the
	// child is told not to use it, and this test looks at the same directories.
	for _, dir := range []string{"../..", "../../internal/e2e", "../../examples/update", "testdata/script"} {
		if _, err := os.ReadDir(dir); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"test", "-count=1", "./..."}
	if testing.Verbose() {
		args = []string{"test", "-count=1", "-v", "./..."}
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = "../../internal/e2e"
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("go test in internal/e2e: %v", err)
	}
}
