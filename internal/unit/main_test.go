package unit

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/txcheck/txcheck/passes"
)

// The test executable is its own analysis tool: these variables tell it to be one.
const (
	driverVar = "TXCHECK_TEST_DRIVER" // which driver to be: own, thorough or plain
	dumpVar   = "TXCHECK_TEST_DUMP"   // folder for what each unit answers
	saltVar   = "TXCHECK_TEST_SALT"   // part of the tool's identity
	innerVar  = "TXCHECK_TEST_INNER"  // the outer process dumps what this one answers
)

func TestMain(m *testing.M) {
	driver := os.Getenv(driverVar)
	last := os.Args[len(os.Args)-1]
	switch {
	case driver == "":
		os.Exit(m.Run())
	case last == "-V=full":
		fmt.Printf("txcheck version devel buildID=%s-%s\n", driver, os.Getenv(saltVar))
		os.Exit(0)
	case strings.HasSuffix(last, ".cfg") && os.Getenv(innerVar) == "":
		os.Exit(observe(last))
	}
	opts, rules := newRules()
	if driver == "plain" {
		unitchecker.Main(rules...)
	}
	thorough = driver == "thorough"
	Main(opts, rules)
}

func newRules() (*passes.Options, []*analysis.Analyzer) {
	opts := passes.DefaultOptions()
	return opts, passes.New(opts)
}

// An observed unit is what a driver made of it.
type observed struct {
	Path           string
	Std, OnlyTests bool
	Facts          map[string]string // by object: type and contents
}

// observe runs this executable once more and dumps the facts that it wrote.
func observe(name string) int {
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), innerVar+"=1")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	if err != nil {
		if _, exited := errors.AsType[*exec.ExitError](err); !exited {
			panic(err)
		}
	}
	cfg, cfgErr := readConfig(name)
	if cfgErr != nil {
		panic(cfgErr)
	}
	out := observed{Path: cfg.ImportPath, Std: cfg.standard(), OnlyTests: cfg.onlyTests()}
	read := readOwn
	if os.Getenv(driverVar) == "plain" {
		read = readPlain
	}
	if data, err := os.ReadFile(cfg.VetxOutput); err == nil {
		out.Facts = read(cfg.ImportPath, data)
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	// Variants of a package differ in their files.
	file := strings.NewReplacer("/", "_", " ", "_").Replace(cfg.ImportPath) + fmt.Sprint(len(cfg.GoFiles))
	if err := os.WriteFile(filepath.Join(os.Getenv(dumpVar), file), text, 0o666); err != nil {
		panic(err)
	}
	return cmd.ProcessState.ExitCode()
}
