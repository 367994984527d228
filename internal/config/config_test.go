package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/protocol"
	"github.com/txcheck/txcheck/internal/txflow"
)

const whole = `# Ours.
panics: true
ctxcancel: false
exclude:
  - path: internal/old
    reason: to be deleted
protocols:
  - library: our store
    imports: [example.com/store]
    open:
      - func: (*store.DB).Begin
    finish:
      - commit: (*store.Tx).Commit
  - library: another
    imports: [example.com/other]
    plain: other.Do
`

func TestParse(t *testing.T) {
	c, err := Parse("x.yml", ".", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	opts := txflow.DefaultOptions()
	c.Apply(opts)
	if !opts.Panics || opts.CtxCancel || len(opts.Libraries) != 2 {
		t.Errorf("options %+v", opts)
	}
	// As a flag the libraries are the same.
	files, err := protocol.Load("flag", []byte(c.Protocols()))
	if err != nil || len(files) != 2 || files[0].Library.Name != "our store" {
		t.Errorf("%v: %v\n%s", files, err, c.Protocols())
	}
	for _, text := range []string{"", "# nothing\n", "---\n", "exclude:\nprotocols: []\n"} {
		c, err := Parse("x.yml", ".", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		opts := txflow.DefaultOptions()
		if c.Apply(opts); opts.Panics || !opts.CtxCancel || opts.Libraries != nil || c.Excludes("x.go") {
			t.Errorf("%q changes something", text)
		}
	}
	var none *Config
	none.Apply(opts)
	if none.Excludes("x.go") || none.Protocols() != "" {
		t.Error("no configuration changes something")
	}
}

// A file that is named may hold several libraries, and stands beside others.
func TestNamedFile(t *testing.T) {
	dir := t.TempDir()
	text := "library: x\nimports: [a.b/x]\nplain: x.A\n---\nlibrary: y\nimports: [a.b/y]\nplain: y.A\n"
	if err := os.WriteFile(filepath.Join(dir, "lib.yml"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := Parse("x.yml", dir, []byte("protocols:\n  - lib.yml\n  - {library: z, imports: [a.b/z], plain: z.A}\n"))
	if err != nil || len(c.Libraries()) != 3 {
		t.Fatal(c.Libraries(), err)
	}
	if files, err := protocol.Load("flag", []byte(c.Protocols())); err != nil || len(files) != 3 {
		t.Errorf("%v: %v\n%s", files, err, c.Protocols())
	}
	for text, want := range map[string]string{
		"protocols:\n  - lib.yml\n  - lib.yml\n":                                    "lib.yml:3:8: x.A is described twice",
		"protocols:\n  - lib.yml\n  - {library: z, imports: [a.b/x], plain: x.A}\n": "x.yml:3:43: x.A is described twice",
	} {
		if _, err := Parse("x.yml", dir, []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Parse("x.yml", "", []byte("protocols:\n  - lib.yml\n")); err == nil || !strings.Contains(err.Error(), "2:5: want a library") {
		t.Error(err)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ text, at, message string }{
		{"panic: true\n", "1:1", `unknown field "panic"`},
		{"panics: 7\n", "1:9", ""},
		{"panics: true\npanics: true\n", "2:1", "already defined"},
		{"- panics\n", "1:1", ""},
		{"panics: true\n---\npanics: true\n", "3:7", "want one document"},
		{"protocols: text\n", "1:12", "want a list of libraries"},
		{"protocols: [7]\n", "1:13", "want a library"},
		{"protocols: [none.yml]\n", "1:13", "cannot read none.yml: no such file"},
		{"protocols:\n  - library: x\n", "2:12", "lists no import path"},
		{"protocols:\n  - library: x\n    imprts: [a.b/x]\n", "3:5", "unknown field"},
		{"protocols:\n  - {library: x, imports: [a.b/x], plain: x.A}\n  - {library: y, imports: [a.b/x], plain: x.A}\n", "3:43", "described twice"},
		{"exclude: x\n", "1:10", ""},
		{"exclude: [x]\n", "1:11", "want an entry"},
		{"exclude:\n  - path: x\n", "2:11", "wants a reason"},
		{"exclude:\n  - reason: x\n", "2:11", "wants the key path"},
		{"exclude:\n  - {path: x, reason: ' '}\n", "2:23", "the reason is empty"},
		{"exclude:\n  - {path: x, reasn: y}\n", "2:15", `unknown field "reasn"`},
		{"exclude:\n  - {path: x, path: x, reason: y}\n", "2:15", "already defined"},
		{"exclude:\n  - {path: [x], reason: y}\n", "2:12", "want a text"},
		{"exclude:\n  - {path: '[', reason: y}\n", "2:12", "malformed pattern"},
		{"exclude:\n  - {path: /x, reason: y}\n", "2:12", "want a path below"},
		{"exclude:\n  - {path: ., reason: y}\n", "2:12", "want a path below"},
		{"exclude:\n  - {path: ../x, reason: y}\n", "2:12", "want a path below"},
		{"exclude:\n  - {path: x, reason: y}\n  - {path: x/, reason: y}\n", "3:12", "listed twice"},
	} {
		_, err := Parse("x.yml", ".", []byte(test.text))
		if err == nil {
			t.Errorf("%q: no error", test.text)
			continue
		}
		text := err.Error()
		if !strings.HasPrefix(text, "x.yml:"+test.at+": ") || !strings.Contains(text, test.message) || !strings.Contains(text, "^") {
			t.Errorf("%q: want %s, %q and a caret, have\n%s", test.text, test.at, test.message, text)
		}
	}
}

// FuzzParse: no text brings Parse down.
func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := Parse("fuzz", "", []byte(text)); err == nil {
			c.Excludes("internal/old/x.go")
		}
	})
}

func TestExcludes(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"internal/old", "internal/old/x.go", true},
		{"internal/old/", "internal/old/deep/x.go", true},
		{"internal/old", "internal/older/x.go", false},
		{"internal/old", "x/internal/old/x.go", false},
		{"internal/*", "internal/x.go", true},
		{"*.pb.go", "x.pb.go", true},
		{"*.pb.go", "a/x.pb.go", false},
		{"**/*.pb.go", "a/b/x.pb.go", true},
		{"**/*.pb.go", "x.pb.go", true},
		{"**/gen/**", "a/gen/x.go", true},
		{"a/**/z", "a/z/x.go", true},
		{"a/**/z", "a/b/c/z/x.go", true},
		{"a/**/z", "a/b/c/x.go", false},
		{"**", "x.go", true},
	} {
		c, err := Parse("x.yml", ".", []byte("exclude:\n  - {path: \""+test.pattern+"\", reason: y}\n"))
		if err != nil {
			t.Error(err)
			continue
		}
		c.Dir = t.TempDir()
		if got := c.Excludes(filepath.Join(c.Dir, test.name)); got != test.want {
			t.Errorf("%q excludes %q: %v, want %v", test.pattern, test.name, got, test.want)
		}
		if c.Excludes(filepath.Join(t.TempDir(), test.name)) {
			t.Errorf("%q excludes a file elsewhere", test.pattern)
		}
	}
}

// The file is looked for from the root of the module to that of the repository, and
// every one that may be in force is part of the sum.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	found := func(from string) string {
		t.Helper()
		name, err := find(filepath.Join(dir, from))
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(dir, name)
		if name == "" {
			return ""
		}
		return filepath.ToSlash(rel)
	}
	write("repo/.git/HEAD", "")
	write("repo/a/go.mod", "module a\n\nreplace b => ../b\n")
	write("repo/a/sub/.txcheck.yml", "")
	write("repo/b/go.mod", "module b\n")
	write(Name, "")
	t.Setenv("GOWORK", "")
	t.Setenv("GOMODCACHE", filepath.Join(dir, "cache"))
	if got := found("repo/a/sub"); got != "" {
		t.Errorf("found %q above the repository or below the module", got)
	}
	sum := func() string {
		t.Helper()
		s, err := Sum(filepath.Join(dir, "repo/a/sub"))
		if err != nil {
			t.Fatal(err)
		}
		return string(s)
	}
	if sum() != "" {
		t.Error("a sum of nothing")
	}
	write("repo/.txcheck.yml", "")
	if got := found("repo/a/sub"); got != "repo/.txcheck.yml" {
		t.Errorf("found %q", got)
	}
	first := sum()
	write("repo/b/.txcheck.yml", "panics: true\n")
	second := sum()
	if first == "" || first == second {
		t.Error("the configuration of the module that stands in for another is not part of the sum")
	}
	write("repo/go.work", "go 1.26\n\nuse (\n\t./a\n\tc\n)\n")
	write("repo/c/.txcheck.yml", "panics: true\n")
	third := sum()
	write("repo/c/.txcheck.yml", "panics: false\n")
	if third == second || third == sum() {
		t.Error("the configuration of the other module of the workspace is not part of the sum")
	}
	write("cache/m/go.mod", "module m\n")
	write("cache/m/.txcheck.yml", "")
	if got := found("cache/m"); got != "" {
		t.Errorf("found %q, which came with a module", got)
	}
}
