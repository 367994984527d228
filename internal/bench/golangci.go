package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// isGolangci reports whether a tool is golangci-lint with its default linters:
// "golangci", or "golangci+txcheck", which has txcheck in addition.
func isGolangci(name string) bool { return name == "golangci" || name == "golangci+txcheck" }

// golangci runs golangci-lint, whose cache is new for each salt.
func (b *bench) golangci(name string) (*exec.Cmd, error) {
	enable := ""
	if strings.HasSuffix(name, "+txcheck") {
		enable = "\n  enable: [txcheck]"
	}
	config := filepath.Join(b.bin, name+".yml")
	text := fmt.Sprintf("version: \"2\"\nrun: {timeout: 1h}\nlinters:\n  default: standard%s\n  settings: {custom: {txcheck: {type: module}}}\n", enable)
	if err := os.WriteFile(config, []byte(text), 0o666); err != nil {
		return nil, err
	}
	args := []string{"run", "--config", config, "--issues-exit-code", "0"}
	cmd := exec.Command(filepath.Join(b.bin, name), append(args, b.packages...)...)
	cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+filepath.Join(b.bin, name+strconv.Itoa(b.salt)))
	return cmd, nil
}
