package report

import (
	"cmp"
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

// Sort orders findings by place and removes repeats: the go command analyses
// packages in no fixed order, and a file may belong to two of them.
func Sort(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			comparePositions(a.Pos, b.Pos),
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

func comparePositions(a, b Position) int {
	return cmp.Or(
		strings.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
	)
}
