package main

import (
	"strings"
	"testing"
)

func TestIsProtocol(t *testing.T) {
	for args, want := range map[string]bool{
		"":                                    false,
		"-V=full":                             true,
		"-flags":                              true,
		"-json unit.cfg":                      true,
		"unit.cfg":                            true,
		"./...":                               false,
		"-V=full ./...":                       false,
		"-unfinishedtx.panics -json unit.cfg": true,
		"help":                                false,
	} {
		if got := isProtocol(strings.Fields(args)); got != want {
			t.Errorf("isProtocol(%q) = %v", args, got)
		}
	}
}

func TestCheckToolchain(t *testing.T) {
	for _, test := range []struct {
		built, running string
		ok             bool
	}{
		{"go1.26.8", "go1.26.1", true},
		{"go1.26.1", "go1.26.8", true}, // the language is the same
		{"go1.27.0", "go1.26.8", true},
		{"go1.26.8", "go1.25.0", true},
		{"go1.26.8", "go1.27.0", false},
		{"go1.26.8", "go1.27rc1", false},
		{"go1.9.1", "go1.26.0", false},
		{"go1.26.8", "", true}, // not called by a go command
		{"devel go1.27-abcdef", "go1.26.8", true},
		{"go1.26.8", "devel go1.27-abcdef", true}, // not known to be too new
	} {
		if err := checkToolchain(test.built, test.running); (err == nil) != test.ok {
			t.Errorf("built with %q, run by %q: %v", test.built, test.running, err)
		}
	}
}
