package unit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A config is what the go command tells about a unit.
type config struct {
	unitchecker.Config
	// newer: the go command is of Go 1.27 or later.
	newer bool
}

// A unit is one package on its way.
type unit struct {
	cfg   *config
	opts  *txflow.Options
	rules []*analysis.Analyzer

	fset *token.FileSet
}

// readConfig reads a unit's configuration. It refuses a file that no go command has
// written.
func readConfig(name string) (*config, error) {
	const hint = "; the go command writes such files: run `txcheck ./...`, or `go vet -vettool=$(which txcheck) ./...`"
	data, err := os.ReadFile(name)
	if err != nil {
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, fmt.Errorf("%s: %v%s", name, err, hint)
	}
	cfg := new(config)
	if json.Unmarshal(data, &cfg.Config) != nil || cfg.ImportPath == "" || len(cfg.GoFiles) == 0 {
		return nil, fmt.Errorf("%s does not describe a package to analyse%s", name, hint)
	}
	// The key alone tells: its value is null in the standard library.
	cfg.newer = bytes.Contains(data, []byte("\n\t\"Module\": "))
	return cfg, nil
}

// hasExportData reports whether the go command passes the compiler's export data
// of all imports, in a format that is known here.
//
// It looks at no more than what is the same for all units of one run: units of
// which one reads what the other has written must decide alike. Go 1.27, whose
// configurations have a key Module, passes the export data only of what happens to
// be built.
func (c *config) hasExportData() bool {
	return !c.newer && (c.Compiler == "gc" || c.Compiler == "")
}

// standard reports whether the unit is of the standard library and cannot have to
// do with transactions (U7).
func (c *config) standard() bool {
	root := os.Getenv("GOROOT")
	if root == "" || c.ModulePath != "" {
		return false
	}
	rel, err := filepath.Rel(filepath.Join(root, "src"), c.Dir)
	if err != nil || !filepath.IsLocal(rel) {
		return false
	}
	return !strings.HasPrefix(c.ImportPath, "database/sql")
}

// own reports whether the unit is of the program's own module.
func (c *config) own() bool {
	return txflow.IsOwn(&analysis.Module{Path: c.ModulePath, Version: c.ModuleVersion}, c.ImportPath)
}

// onlyTests reports whether nobody can import the unit (U8).
func (c *config) onlyTests() bool {
	for _, name := range c.GoFiles {
		if !strings.HasSuffix(name, "_test.go") {
			return false
		}
	}
	return true
}

// size is the size of the unit's Go files in bytes, as far as it can be told.
func (c *config) size() (n int64) {
	for _, name := range c.GoFiles {
		if info, err := os.Stat(name); err == nil {
			n += info.Size()
		}
	}
	return n
}
