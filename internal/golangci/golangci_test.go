package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/corpus"
)

// bin is the golangci-lint under test, cache where it keeps what it found.
var bin, cache string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "golangci")
	if err != nil {
		panic(err)
	}
	bin, cache = filepath.Join(dir, "golangci-lint"), filepath.Join(dir, "cache")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// An issue is a finding as golangci-lint prints it.
type issue struct {
	FromLinter, Text string
	Pos              struct {
		Filename     string
		Line, Column int
	}
}

// lint runs golangci-lint in a directory under a configuration, and returns what it
// finds, what it says on stderr and its exit code.
func lint(t *testing.T, dir, config string, flags ...string) (issues []issue, said string, code int) {
	t.Helper()
	temp := t.TempDir()
	file, found := filepath.Join(temp, "golangci.yml"), filepath.Join(temp, "issues.json")
	if err := os.WriteFile(file, []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"run", "--config", file, "--path-mode", "abs", "--output.json.path", found}, flags...)
	cmd := exec.Command(bin, append(args, "./...")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+cache, "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(found); err == nil {
		var report struct{ Issues []issue }
		if err := json.Unmarshal(text, &report); err != nil {
			t.Fatal(err)
		}
		issues = report.Issues
	}
	return issues, stderr.String(), cmd.ProcessState.ExitCode()
}

// config is a .golangci.yml that has one linter, with settings, and shows all of it.
func config(linter, settings string) string {
	return fmt.Sprintf(`version: "2"
linters:
  default: none
  enable: [%s]
  settings:
    custom:
      %[1]s:
        type: module
        settings: %s
  exclusions:
    generated: disable
issues: {max-issues-per-linter: 0, max-same-issues: 0, uniq-by-line: false}
run: {timeout: 30m}
`, linter, settings)
}

// TestCorpus finds in the cases just what they want: golangci-lint keeps facts in
// its own way, and loads packages from source.
func TestCorpus(t *testing.T) {
	dirs, err := corpus.Modules("../../testdata")
	if err != nil || len(dirs) < 2 {
		t.Fatal(dirs, err)
	}
	for _, dir := range append(dirs, "../../testdata/other") {
		t.Run(filepath.Base(dir), func(t *testing.T) { judge(t, dir) })
	}
}

// judge compares what is found in one module with what is wanted there.
func judge(t *testing.T, dir string) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := corpus.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	issues, said, code := lint(t, dir, config("unfinishedtx", "{}"))
	if code > 1 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	wants := c.Wants()
	t.Logf("%d issues, %d wants", len(issues), len(wants))
	for _, w := range wants {
		name := filepath.Join(dir, filepath.FromSlash(w.File))
		i := slices.IndexFunc(issues, func(i issue) bool {
			return i.Pos.Filename == name && i.Pos.Line == w.Line && w.Pattern.MatchString(i.Text)
		})
		if i < 0 {
			t.Errorf("%s:%d: not found: %s", w.File, w.Line, w.Pattern)
			continue
		}
		issues = slices.Delete(issues, i, i+1)
	}
	for _, i := range issues {
		t.Errorf("%s:%d: not wanted: %s", i.Pos.Filename, i.Pos.Line, i.Text)
	}
}

// lines lists the lines on which something was found.
func lines(issues []issue) string {
	var list []string
	for _, i := range issues {
		list = append(list, fmt.Sprintf("%s:%d", filepath.Base(i.Pos.Filename), i.Pos.Line))
	}
	return strings.Join(list, " ")
}

// TestSettings gives each setting to the linter, by both of its names.
func TestSettings(t *testing.T) {
	const library = `{library: our store, imports: [m/store], open: [{func: "(*store.DB).Begin"}], finish: [{commit: "(*store.Tx).Done"}]}`
	for name, test := range map[string]struct{ linter, settings, want string }{
		"by rule":          {"unfinishedtx", "{}", "m.go:17 m.go:23"},
		"by name":          {"txcheck", "{}", "m.go:17 m.go:20"},
		"panics":           {"unfinishedtx", "{panics: true}", "m.go:17 m.go:23 m.go:26"},
		"ctxcancel":        {"unfinishedtx", "{ctxcancel: false}", "m.go:17 m.go:23 m.go:39"},
		"exclude":          {"unfinishedtx", "{exclude: [{path: m.go, reason: it is for show}]}", ""},
		"protocols":        {"unfinishedtx", "{protocols: [" + library + "]}", "m.go:17 m.go:23 m.go:45"},
		"protocols a text": {"unfinishedtx", "{protocols: '" + library + "'}", "m.go:17 m.go:23 m.go:45"},
	} {
		t.Run(name, func(t *testing.T) {
			issues, said, code := lint(t, "testdata/m", config(test.linter, test.settings))
			want := 1
			if test.want == "" {
				want = 0
			}
			if lines(issues) != test.want || code != want {
				t.Errorf("found %s with exit code %d, want %s\n%s", lines(issues), code, test.want, said)
			}
		})
	}
}

// TestWrongSettings are told in one line, and nothing is analysed.
func TestWrongSettings(t *testing.T) {
	for settings, want := range map[string]string{
		"{panic: true}":                        `txcheck: unknown setting "panic": there are ctxcancel, exclude, panics, protocols`,
		"{panics: maybe}":                      `txcheck: setting "panics": want true or false, not "maybe"`,
		"{panics: 1}":                          `txcheck: setting "panics": want a text, a boolean or a list, have float64`,
		"{exclude: [{path: x}]}":               `txcheck: setting "exclude": the excluded path "x" wants a reason: add a line "reason: ..."`,
		"{protocols: [{library: x}]}":          `txcheck: setting "protocols": library "x" lists no import path: want "imports: [example.com/our/store]"`,
		`{protocols: "library: x\nimport: y"}`: `txcheck: setting "protocols": line 2: unknown field "import"`,
		"[panics]":                             `txcheck: settings are a list of names with values, not [panics]`,
	} {
		t.Run(settings, func(t *testing.T) {
			issues, said, code := lint(t, "testdata/m", config("unfinishedtx", settings))
			// golangci-lint says everything twice.
			said = strings.TrimPrefix(said, "Error: ")
			first, again, _ := strings.Cut(said, "\n")
			if !strings.HasSuffix(first, want) || first != strings.TrimSpace(again) || code != 3 || len(issues) > 0 {
				t.Errorf("exit code %d\n%s\nwant %s", code, said, want)
			}
		})
	}
}

// TestFix mends what txcheck -fix mends, in the same way.
func TestFix(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/m")); err != nil {
		t.Fatal(err)
	}
	issues, said, code := lint(t, dir, config("unfinishedtx", "{}"), "--fix")
	if len(issues) > 0 || code != 0 {
		t.Errorf("left after --fix, with exit code %d: %v\n%s", code, issues, said)
	}
	got, err := os.ReadFile(filepath.Join(dir, "m.go"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/m/m.go")
	if err != nil {
		t.Fatal(err)
	}
	const check = "// The error of Begin is looked at first.\n\t}\n"
	if text := strings.Replace(string(want), check, check+"\tdefer tx.Rollback()\n", 1); string(got) != text {
		t.Errorf("mended to\n%s", got)
	}
}
