package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The bench itself stands between the go command and txcheck where the cost of single
// packages is measured. These variables tell it to.
const (
	recordDir  = "TXCHECK_BENCH_DIR"  // where each process leaves what it has cost
	recordTool = "TXCHECK_BENCH_TOOL" // the txcheck to run
)

// A cost is what one package has cost.
type cost struct {
	Package string
	CPU     float64 // seconds
}

// record runs txcheck as the go command wants it, and notes the cost. It reports
// whether that was to be done.
func record() bool {
	dir, tool := os.Getenv(recordDir), os.Getenv(recordTool)
	if dir == "" {
		return false
	}
	last := os.Args[len(os.Args)-1]
	if last == "-V=full" {
		fmt.Printf("bench version devel buildID=%s\n", filepath.Base(dir)) // as new as the directory
		return true
	}
	cmd := exec.Command(tool, os.Args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	if err == nil && strings.HasSuffix(last, ".cfg") {
		err = note(dir, last, cost{CPU: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()})
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
	return true
}

// note writes a cost down, in a file of its own.
func note(dir, config string, c cost) error {
	text, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	var unit struct{ ImportPath string }
	if err := json.Unmarshal(text, &unit); err != nil {
		return err
	}
	c.Package = unit.ImportPath
	if text, err = json.Marshal(c); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, strings.ReplaceAll(c.Package, "/", "_")), text, 0o666)
}

// recorded reads what was noted, and adds up the packages of one module.
func recorded(dir, module string) (sum float64, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return 0, err
		}
		var c cost
		if err := json.Unmarshal(text, &c); err != nil {
			return 0, err
		}
		if strings.HasPrefix(c.Package, module+"/") {
			sum += c.CPU
		}
	}
	return sum, nil
}
