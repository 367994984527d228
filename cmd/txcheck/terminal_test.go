package main

import (
	"bytes"
	"testing"
)

func TestUseColors(t *testing.T) {
	for _, test := range []struct {
		when     string
		terminal bool
		env      map[string]string
		want     bool
	}{
		{"auto", true, nil, true},
		{"auto", false, nil, false},
		{"auto", true, map[string]string{"TERM": "dumb"}, false},
		{"auto", true, map[string]string{"NO_COLOR": "1"}, false},
		{"auto", true, map[string]string{"NO_COLOR": ""}, true},
		{"auto", false, map[string]string{"CLICOLOR_FORCE": "1"}, true},
		{"auto", false, map[string]string{"CLICOLOR_FORCE": "0"}, false},
		{"auto", true, map[string]string{"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, false},
		{"always", false, map[string]string{"NO_COLOR": "1", "TERM": "dumb"}, true},
		{"never", true, map[string]string{"CLICOLOR_FORCE": "1"}, false},
	} {
		if got := useColors(test.when, test.terminal, lookUp(test.env)); got != test.want {
			t.Errorf("-color %s, terminal %v, %v: got %v", test.when, test.terminal, test.env, got)
		}
	}
}

func TestKnowsLinks(t *testing.T) {
	for _, test := range []struct {
		terminal bool
		env      map[string]string
		want     bool
	}{
		{true, nil, false},
		{true, map[string]string{"TERM": "xterm-kitty"}, true},
		{true, map[string]string{"VTE_VERSION": "7200"}, true},
		{true, map[string]string{"VTE_VERSION": "4205"}, false},
		{true, map[string]string{"TERM_PROGRAM": "vscode"}, true},
		{true, map[string]string{"TERM_PROGRAM": "Apple_Terminal"}, false},
		{true, map[string]string{"TERM_PROGRAM": "vscode", "CI": "true"}, false},
		{false, map[string]string{"TERM_PROGRAM": "vscode"}, false},
		{false, map[string]string{"FORCE_HYPERLINK": "1"}, true},
		{true, map[string]string{"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, false},
	} {
		if got := knowsLinks(test.terminal, lookUp(test.env)); got != test.want {
			t.Errorf("terminal %v, %v: got %v", test.terminal, test.env, got)
		}
	}
}

// The width is for terminals and pictures of them, never for what programs read.
func TestTerminalWidth(t *testing.T) {
	env := lookUp(map[string]string{"COLUMNS": "72"})
	if style := terminalStyle("auto", new(bytes.Buffer), env); style.Width != 0 {
		t.Errorf("width %d for a pipe", style.Width)
	}
	if style := terminalStyle("always", new(bytes.Buffer), env); style.Width != 72 {
		t.Errorf("width %d, want that of COLUMNS", style.Width)
	}
}

func lookUp(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}
