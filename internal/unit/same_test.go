package unit

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/corpus"
	"github.com/txcheck/txcheck/internal/protocol"
)

// TestSame analyses the corpus three times: with this driver, with this driver
// when it skips nothing but the standard library, and with unitchecker. Findings
// must be the same, and so must be the facts of every unit.
func TestSame(t *testing.T) {
	if testing.Short() {
		t.Skip("runs go vet over the corpus")
	}
	dirs, err := corpus.Modules("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { compare(t, dir, "./...") })
	}
}

// TestSameUnits does so with small modules that the go command builds in every way it
// knows: with cgo, test variants, build tags, vendored modules and a workspace. In each
// there is something to find.
func TestSameUnits(t *testing.T) {
	if testing.Short() {
		t.Skip("runs go vet three times over each module")
	}
	for name, test := range map[string]struct {
		args  string // of go vet, and the directory
		wants int    // packages with findings
	}{
		"units":                {"testdata/units ./...", 7},
		"units, special build": {"testdata/units -tags=special ./...", 8},
		"vendored":             {"testdata/vendored ./...", 1},
		"vendored, by flag":    {"testdata/vendored -mod=vendor ./...", 1},
		"workspace":            {"testdata/work ./one/... ./two/...", 2},
		"module of it":         {"testdata/work/one ./...", 1},
	} {
		t.Run(name, func(t *testing.T) {
			args := strings.Fields(test.args)
			if n := compare(t, args[0], args[1:]...); n != test.wants {
				t.Errorf("findings in %d packages, want %d", n, test.wants)
			}
		})
	}
}

// compare returns in how many packages something was found.
func compare(t *testing.T, dir string, args ...string) int {
	own, ownUnits := vet(t, "own", dir, args...)
	plain, plainUnits := vet(t, "plain", dir, args...)
	thorough, thoroughUnits := vet(t, "thorough", dir, args...)
	sameFindings(t, "skipping", own, plain)
	sameFindings(t, "not skipping", thorough, plain)
	sameFacts(t, ownUnits, plainUnits)
	sameFacts(t, thoroughUnits, plainUnits)
	t.Logf("%d units", len(ownUnits))
	return len(plain)
}

// sameFindings compares what two drivers print, package by package.
func sameFindings(t *testing.T, what string, got, want []string) {
	for _, text := range got {
		if !slices.Contains(want, text) {
			t.Errorf("%s: only this driver says\n%s", what, text)
		}
	}
	for _, text := range want {
		if !slices.Contains(got, text) {
			t.Errorf("%s: only unitchecker says\n%s", what, text)
		}
	}
}

// sameFacts compares what two drivers tell the importers of each unit.
func sameFacts(t *testing.T, got, want map[string]observed) {
	standard := make(map[string]bool)
	for _, w := range want {
		standard[w.Path] = w.Std && !strings.HasPrefix(w.Path, "database/sql")
	}
	for name, w := range want {
		g, ok := got[name]
		switch {
		case !ok:
			t.Errorf("no unit %s", name)
			continue
		case w.Std:
			standardFacts(t, w)
			continue
		case w.OnlyTests:
			continue // nobody imports it
		}
		for obj, fact := range w.Facts {
			if path, _, _ := strings.Cut(obj, " "); standard[path] {
				continue // a method of the standard library, see standardFacts
			}
			if g.Facts[obj] != fact {
				t.Errorf("%s: fact about %s is\n%s\nwant\n%s", name, obj, g.Facts[obj], fact)
			}
		}
		for obj := range g.Facts {
			// unitchecker keeps only what it can name: of other packages, what is
			// part of the types of this one, and no methods of hidden types.
			if _, ok := w.Facts[obj]; !ok && strings.HasPrefix(obj, w.Path+" ") && !hidden.MatchString(obj) {
				t.Errorf("%s: extra fact about %s: %s", name, obj, g.Facts[obj])
			}
		}
	}
}

// hidden matches objects that importers reach, if at all, through values.
var hidden = regexp.MustCompile(` \([a-z]\w*\)\.`)

// standardFacts wants every fact of the standard library to be known by a role, as
// its units are not analysed (U7).
func standardFacts(t *testing.T, u observed) {
	for obj := range u.Facts {
		path, rest, _ := strings.Cut(obj, " (")
		if path != u.Path || !protocol.Standard(path) {
			continue
		}
		name := strings.Fields(rest[strings.Index(rest, ").")+2:])[0]
		if tx, exit := protocol.Builtin().Calls(nil); !tx[name] && !exit[name] {
			t.Errorf("unitchecker knows something about %s: %s", obj, u.Facts[obj])
		}
	}
}

// vet runs go vet with one of the drivers, and returns what it finds, and what each
// unit answers.
func vet(t *testing.T, driver, dir string, args ...string) (findings []string, units map[string]observed) {
	dump := t.TempDir()
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + executable(t), "-json"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), driverVar+"="+driver, dumpVar+"="+dump, saltVar+"="+filepath.Base(filepath.Dir(dump)))
	if !strings.HasPrefix(dir, "testdata/work") {
		cmd.Env = append(cmd.Env, "GOWORK=off")
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s driver: %v\n%s", driver, err, stderr.Bytes())
	}
	units = make(map[string]observed)
	entries, err := os.ReadDir(dump)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dump, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var u observed
		if err := json.Unmarshal(text, &u); err != nil {
			t.Fatal(err)
		}
		units[e.Name()] = u
	}
	found := strings.SplitAfter(clean.ReplaceAllString(stdout.String(), ""), "\n}\n")
	return found[:len(found)-1], units
}

// clean matches what is printed for a package without findings. Only this driver
// names it.
var clean = regexp.MustCompile(`(?m)^\{(\n\t".*": \{\}\n)?\}\n`)

func executable(t *testing.T) string {
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return name
}
