// Package newfrom tells findings that a change has brought about from those that
// were there before.
//
// It asks git which lines were touched and knows nothing else of the change. A
// finding is new when a step of its path stands on such a line, or when lines were
// removed between its first step and its last: a rollback that is gone leaves no
// line of its own. It errs towards new.
package newfrom

import (
	"path/filepath"
	"slices"

	"github.com/txcheck/txcheck/internal/report"
)

// A Change is what was touched since a revision, committed or not.
type Change struct {
	top   string // of the working tree, without symbolic links
	files map[string]*touched
	real  map[string]string // directory to directory without symbolic links
}

// touched is what happened to one file.
type touched struct {
	whole   bool   // the file is new
	lines   []span // that are new or other than they were
	removed []int  // lines behind which others were removed
}

// A span is a range of lines, both included.
type span struct{ first, last int }

// IsNew reports whether the change has to do with a finding.
func (c *Change) IsNew(f report.Finding) bool {
	stops := []report.Step{{Pos: f.Pos, End: f.End}}
	for _, s := range append(stops, f.Steps...) {
		if t := c.file(s.Pos.File); t != nil && t.stands(s) {
			return true
		}
	}
	return c.removedOnTheWay(append(stops, f.Steps...))
}

// stands reports whether a step stands on a line that was touched.
func (t *touched) stands(s report.Step) bool {
	first, last := s.Pos.Line, max(s.Pos.Line, s.End.Line)
	return t.whole || slices.ContainsFunc(t.lines, func(l span) bool { return l.first <= last && first <= l.last })
}

// removedOnTheWay reports whether lines were removed between the first and the last
// line of a path, file by file.
func (c *Change) removedOnTheWay(stops []report.Step) bool {
	ranges := make(map[string]span)
	for _, s := range stops {
		r, ok := ranges[s.Pos.File]
		if !ok {
			r = span{s.Pos.Line, s.Pos.Line}
		}
		ranges[s.Pos.File] = span{min(r.first, s.Pos.Line), max(r.last, s.Pos.Line)}
	}
	for name, r := range ranges {
		t := c.file(name)
		if t != nil && slices.ContainsFunc(t.removed, func(line int) bool { return r.first <= line && line < r.last }) {
			return true
		}
	}
	return false
}

// file returns what happened to a file, or nil.
func (c *Change) file(name string) *touched {
	dir, base := filepath.Split(name)
	real, ok := c.real[dir]
	if !ok {
		real = dir
		if r, err := filepath.EvalSymlinks(dir); err == nil {
			real = r
		}
		c.real[dir] = real
	}
	rel, err := filepath.Rel(c.top, filepath.Join(real, base))
	if err != nil {
		return nil
	}
	return c.files[filepath.ToSlash(rel)]
}
