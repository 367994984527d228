package unit

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/txcheck/txcheck/internal/txflow"
)

func TestIdentifiers(t *testing.T) {
	const text = "package p // Begin\n/* Commit\n*/ var ä_1, b = \"os.\\\"Exit\", `Roll\"back` + 'x' / 0xAB /1e9\nfunc (t *T) Run() { t.M('\\'') }\n// Last"
	var got []string
	identifiers([]byte(text), func(id []byte) { got = append(got, string(id)) })
	want := []string{"package", "p", "var", "ä_1", "b", "func", "t", "T", "Run", "t", "M"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, text := range []string{"", "\"", "'\\", "`a", "/*", "/", "//", "\"\\"} {
		identifiers([]byte(text), func(id []byte) { t.Errorf("%q has %q", text, id) })
	}
}

func TestAnswer(t *testing.T) {
	a := &answer{
		libraries: []string{"lib/sqlx.yaml"}, carriers: []string{"Tx"},
		facts: []factEntry{
			{key{"p", "T", "M", "Summary"}, txflow.HasTx, "{}"},
			{key{"p", "", "", "reached"}, txflow.ReachesLibrary, "{}"},
		},
	}
	data := a.encode()
	got, err := decodeAnswer(data)
	if err != nil || !reflect.DeepEqual(got, a) {
		t.Errorf("got %+v, %v, want %+v", got, err, a)
	}
	slices.Reverse(a.facts)
	if string(a.encode()) != string(data) {
		t.Error("the order of facts shows")
	}
	for n := 1; n < len(data); n++ {
		if _, err := decodeAnswer(data[:n]); err == nil {
			t.Errorf("the first %d bytes are taken for an answer", n)
		}
	}
	if data := new(answer).encode(); len(data) != 0 {
		t.Errorf("nothing is written as %q", data)
	}
}

// TestLook decides about units that differ in their text or in what they import.
func TestLook(t *testing.T) {
	reaches := &answer{
		libraries: []string{"lib/database_sql.yaml"}, carriers: []string{"Handle"},
		facts: appendFact([]factEntry{
			{key{"dep", "T", "Work", "Summary"}, txflow.HasTx, ""},
			{key{"dep", "", "Plain", "Summary"}, txflow.NoConcern, ""},
		}, key{pkg: "dep"}, txflow.Reached()),
	}
	ends := &answer{facts: []factEntry{{key{"dep", "", "Die", "Summary"}, txflow.EndsPaths, ""}}}
	for _, test := range []struct {
		name, text string
		dep        *answer // nil: there is none
		skip       bool
	}{
		{"nothing", "package p\n", new(answer), true},
		{"name of a role without its library", "package p; func f() { x.BeginTx() }\n", new(answer), true},
		{"name of a role", "package p; func f() { x.BeginTx() }\n", reaches, false},
		{"in a comment", "package p // BeginTx\n", reaches, true},
		{"begin by shape", "package p; func f() { x.StartTX() }\n", reaches, false},
		{"exit", "package p; func f() { os.Exit(1) }\n", new(answer), false},
		{"name with a fact", "package p; func f() { x.Work() }\n", reaches, false},
		{"name with a fact that says little", "package p; func f() { x.Plain() }\n", reaches, true},
		{"name that ends paths", "package p; func f() { dep.Die() }\n", ends, false},
		{"carrier", "package p; func f(x *dep.Handle) {}\n", reaches, false},
		{"interface", "package p; type i interface { Rollback() }\n", new(answer), false},
		{"shape", "package xorm; type Engine int; type EngineGroup int; type Session int\n", new(answer), false},
		{"part of a shape", "package xorm; type Engine int; type Session int\n", new(answer), true},
		{"directive", "package p\n\n//txcheck:ignore it\n", new(answer), false},
		{"no answer", "package p\n", nil, false},
	} {
		u := toyUnit(t, test.text, test.dep)
		u.cfg.ModuleVersion = "v1.0.0"
		v, err := u.look()
		if err != nil {
			t.Fatal(err)
		}
		if v.skip != test.skip {
			t.Errorf("%s: skipped: %v", test.name, v.skip)
		}
		travels := slices.ContainsFunc(v.answer.facts, func(e factEntry) bool { return e.name == "Work" })
		if test.dep == reaches && !travels {
			t.Errorf("%s: the fact of a method does not travel on", test.name)
		}
	}
}

// A package of the main module is parsed, for its short functions (U10).
func TestLookOwn(t *testing.T) {
	u := toyUnit(t, "package p\n", new(answer))
	if v, err := u.look(); err != nil || v.skip || v.ends != nil {
		t.Errorf("a package that is named is skipped, or only its endings are looked for (%v)", err)
	}
	u.cfg.VetxOnly = true
	if v, err := u.look(); err != nil || v.skip || v.ends == nil {
		t.Errorf("a dependency is skipped, or looked at as a whole (%v)", err)
	}
}

// toyUnit is a unit of one file that imports one package.
func toyUnit(t *testing.T, text string, dep *answer) *unit {
	dir := t.TempDir()
	file, vetx := filepath.Join(dir, "p.go"), filepath.Join(dir, "dep.vetx")
	cfg := new(config)
	cfg.ImportPath, cfg.Dir, cfg.ModulePath = "example.com/p", dir, "example.com"
	cfg.GoFiles, cfg.ImportMap = []string{file}, map[string]string{"dep": "dep"}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if dep != nil {
		cfg.PackageVetx = map[string]string{"dep": vetx}
		if err := os.WriteFile(vetx, dep.encode(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return &unit{cfg: cfg, opts: txflow.DefaultOptions()}
}

// What users describe may be in the standard library.
func TestStandardSkip(t *testing.T) {
	t.Setenv("GOROOT", "/goroot")
	u := toyUnit(t, "package p; func f() { x.Start() }\n", new(answer))
	u.cfg.ModulePath, u.cfg.Dir, u.cfg.ImportPath = "", "/goroot/src/p", "p"
	if v, err := u.look(); err != nil || !v.skip {
		t.Errorf("a package of the standard library is not skipped (%v)", err)
	}
	u.opts.Protocols = "library: s\nimports: [net/http]\nopen:\n  - func: (*http.Client).Start\n"
	u.opts = &txflow.Options{Protocols: u.opts.Protocols}
	if v, err := u.look(); err != nil || v.skip {
		t.Errorf("a package of the standard library is skipped, which the user has described (%v)", err)
	}
	u.opts = new(txflow.Options)
	for _, path := range []string{"database/sql", "database/sql/driver"} {
		u.cfg.ImportPath = path
		if v, err := u.look(); err != nil || v.skip {
			t.Errorf("%s is skipped (%v)", path, err)
		}
	}
}

func TestFlags(t *testing.T) {
	_, rules := newRules()
	flags, kept, err := parseFlags([]string{"-json", "-c=2", "-unfinishedtx.panics"}, rules)
	if err != nil || !flags.json || flags.context != 2 || flags.fix || len(kept) != 1 {
		t.Errorf("%+v, %d rules, %v", flags, len(kept), err)
	}
	_, rules = newRules()
	if _, kept, err := parseFlags([]string{"-unfinishedtx=false", "-fix"}, rules); err != nil || len(kept) != 0 {
		t.Errorf("%d rules, %v", len(kept), err)
	}
	_, rules = newRules()
	if _, _, err := parseFlags([]string{"-nosuch"}, rules); err == nil {
		t.Error("an unknown flag is accepted")
	}
}

// The choice of the driver must be the same for all units of a run.
func TestHasExportData(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]bool{
		"{\n\t\"ImportPath\": \"p\",\n\t\"Compiler\": \"gc\",\n\t\"GoFiles\": [\"p.go\"],\n\t\"ModulePath\": \"\"\n}\n":    true,
		"{\n\t\"ImportPath\": \"p\",\n\t\"Compiler\": \"gc\",\n\t\"GoFiles\": [\"p.go\"],\n\t\"Module\": null\n}\n":        false,
		"{\n\t\"ImportPath\": \"p\",\n\t\"Compiler\": \"gccgo\",\n\t\"GoFiles\": [\"p.go\"],\n\t\"ModulePath\": \"\"\n}\n": false,
	} {
		name := filepath.Join(dir, "unit.cfg")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		cfg, err := readConfig(name)
		if err != nil || cfg.hasExportData() != want {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}
