package protocol

import (
	"maps"
	"slices"
	"testing"
)

// TestCalls compares the names that are read as text with those of the parser.
func TestCalls(t *testing.T) {
	for _, src := range sources() {
		read, want := make(map[string]bool), make(map[string]bool)
		src.calls(func(section, name string) {
			if section == exitSection {
				name = "exit " + name
			}
			read[name] = true
		})
		for sym, r := range src.parse().roles {
			if r.isTx() {
				want[sym.name] = true
			}
			if r.Exit != "" {
				want["exit "+sym.name] = true
			}
		}
		if !maps.Equal(read, want) {
			t.Errorf("%s: read %v, want %v", src.name, slices.Sorted(maps.Keys(read)), slices.Sorted(maps.Keys(want)))
		}
	}
}

// What is called by name in every program is looked for in every program.
func TestCallsEverywhere(t *testing.T) {
	names, exits := Builtin().Calls(nil)
	for _, want := range []string{"Exit", "Fatal", "Goexit", "FailNow"} {
		if !exits[want] {
			t.Errorf("%s is missing", want)
		}
	}
	for _, other := range []string{"Begin", "Commit", "StopRun"} {
		if names[other] || exits[other] {
			t.Errorf("%s needs a library", other)
		}
	}
	if names, _ := Builtin().Calls(Builtin().About("database/sql")); !names["BeginTx"] {
		t.Errorf("database/sql: %v", names)
	}
}

func TestNamesBegin(t *testing.T) {
	for name := range beginNames {
		if !NamesBegin(name) {
			t.Errorf("%s is not taken for a begin", name)
		}
	}
	for _, name := range []string{"", "b", "Beginning", "Rollback", "start"} {
		if NamesBegin(name) {
			t.Errorf("%s is taken for a begin", name)
		}
	}
}

func TestUserCalls(t *testing.T) {
	files, err := Load("protocols", []byte("library: s\nimports: [example.com/store]\nopen:\n  - func: (*store.DB).Start\n"))
	if err != nil {
		t.Fatal(err)
	}
	set, err := New(files...)
	if err != nil {
		t.Fatal(err)
	}
	if names, _ := set.Calls(nil); !names["Start"] || len(set.User()) != 1 {
		t.Errorf("calls %v", names)
	}
}
