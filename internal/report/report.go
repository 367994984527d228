// Package report prints findings, one format a file.
//
// It knows nothing of packages, types or SSA: a Finding holds what a diagnostic
// holds once it has travelled through the go command as JSON, and that is all a
// format may use. Source files are read only to show lines of them; one that
// cannot be read costs the excerpt, never the finding.
package report

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// A Finding is one diagnostic of one rule.
type Finding struct {
	Package  string // as the go command names it, test variants included
	Rule     string // name of the analyzer
	Category string
	Pos, End Position
	Message  string // one line
	Steps    []Step // the way from the begin to the exit, in order
	Fixes    []Fix  // alternatives; the first is the one that -fix applies
}

// A Position is a place in a file, counted from 1 in bytes. Line is 0 where
// only the file is known.
type Position struct {
	File         string
	Line, Column int
}

// A Step is one stop on the path that leads to a finding.
type Step struct {
	Pos, End Position
	Message  string
}

// A Fix is a set of edits to be applied together.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes [Start, End) of a file.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// A Format prints a sorted list of findings.
type Format struct {
	Name  string
	Short string // what it is for, in a few words
	Print func(io.Writer, []Finding, Settings) error
}

// Settings are what every format may be told.
type Settings struct {
	// Base is the directory that printed paths are relative to.
	Base string
}

// Formats returns every format, the default one first.
func Formats() []Format {
	return []Format{
		{"text", "for people: each finding with its path and its fix", text},
		{"concise", "path:line:col: message, one line a finding", concise},
	}
}

// Named returns the format of that name, or an error that lists the names.
func Named(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("no format %q: choose from %s", name, strings.Join(names, ", "))
}

// Sort orders findings by place and removes repeats: the go command analyses
// packages in no fixed order, and a file may belong to two of them.
func Sort(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			strings.Compare(a.Message, b.Message),
			strings.Compare(a.Rule, b.Rule),
			strings.Compare(a.Package, b.Package),
		)
	})
	return slices.CompactFunc(findings, func(a, b Finding) bool {
		a.Package, b.Package = "", ""
		return reflect.DeepEqual(a, b)
	})
}

// place renders a position for people and for the problem matchers of editors.
func (s Settings) place(p Position) string {
	file := s.shorten(p.File)
	if p.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
}

// shorten returns the path relative to Base where that is the shorter form.
func (s Settings) shorten(file string) string {
	rel, err := filepath.Rel(s.Base, file)
	if err != nil || len(rel) >= len(file) {
		return file
	}
	return rel
}
