package project

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/txcheck/txcheck"

// arrows lists, for each package of the module, which others it may import. An
// entry that ends in /* stands for every package below.
var arrows = map[string][]string{
	"internal/protocol": {},
	"internal/property": {},
	"internal/report":   {},
	"internal/txflow":   {"internal/protocol", "internal/property"},
	"internal/rule":     {"internal/txflow"},
	"passes/*":          {"internal/rule", "internal/txflow"},
	"passes":            {"passes/*", "internal/txflow"},
	"internal/govet":    {"internal/report"},
	"internal/config":   {"internal/protocol", "internal/txflow"},
	"internal/newfrom":  {"internal/report"},
	"internal/baseline": {"internal/report"},
	"gclplugin":         {"passes", "internal/config"},
	"internal/unit":     {"internal/protocol", "internal/txflow"},
	"cmd/txcheck": {"passes", "internal/unit", "internal/govet", "internal/report",
		"internal/config", "internal/newfrom", "internal/baseline", "internal/protocol"},

	"internal/txgen":           {"internal/corpus", "internal/govet"},
	"internal/txgen/cmd/txgen": {"internal/txgen"},

	// Only tests, and the generator of cases, import these two.
	"internal/corpus":  {},
	"internal/project": {},
}

// blind lists what a package must not see, directly or through others.
var blind = map[string][]string{
	"internal/protocol": {"golang.org/x/tools/go/ssa"},
	"internal/property": {"go/types", "golang.org/x/tools/go/ssa"},
	"internal/report":   {"go/types", "golang.org/x/tools/go/ssa"},
	"internal/govet":    {"go/types", "golang.org/x/tools/go/ssa"},
}

// A listed is a package as the go command lists it.
type listed struct {
	ImportPath    string
	Imports, Deps []string
}

func TestArrows(t *testing.T) {
	packages := list(t)
	if len(packages) < 5 {
		t.Fatalf("only %d packages listed", len(packages))
	}
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		allowed, known := lookUp(name)
		if !known {
			t.Errorf("%s is not in the table of arrows", name)
		}
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module+"/")
			if ours && !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(pattern, to) }) {
				t.Errorf("%s imports %s, which it may not", name, to)
			}
		}
		for _, dep := range blind[name] {
			if slices.Contains(p.Deps, dep) {
				t.Errorf("%s depends on %s, which it must not see", name, dep)
			}
		}
	}
}

// lookUp returns the entry of a package.
func lookUp(name string) (allowed []string, known bool) {
	if allowed, known = arrows[name]; known {
		return allowed, true
	}
	allowed, known = arrows[path.Dir(name)+"/*"]
	return allowed, known
}

// matches reports whether a pattern of the table stands for a package.
func matches(pattern, name string) bool {
	dir, all := strings.CutSuffix(pattern, "/*")
	return pattern == name || all && path.Dir(name) == dir
}

// list returns the packages of the module that are not for tests alone.
func list(t *testing.T) (packages []listed) {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps", "./...")
	cmd.Dir, cmd.Stderr = "../..", os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, module+"/") {
			packages = append(packages, p)
		}
	}
}
