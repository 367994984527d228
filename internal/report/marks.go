package report

import (
	"fmt"
	"strings"
)

// A mark is a place that an excerpt underlines and labels.
type mark struct {
	pos, end Position
	text     string
	label    string // "2"; "a2" in an excerpt with several paths
	primary  bool   // the finding itself, not a step that leads to it
}

// A visit is a stop of one path of a group.
type visit struct {
	path int
	step int // counted from 1, or 0 for a finding that its path does not name
}

// marks returns what the excerpt of a group is to show, in the order of its paths.
// A step that several paths share is one mark.
func (g *group) marks() []mark {
	var all []mark
	visits := make(map[mark][]visit)
	add := func(m mark, v visit) {
		if visits[m] == nil {
			all = append(all, m)
		}
		visits[m] = append(visits[m], v)
	}
	for i, f := range g.findings {
		atEnd := false
		for n, s := range f.Steps {
			atEnd = n == len(f.Steps)-1 && s.Pos == f.Pos
			add(mark{pos: s.Pos, end: s.End, text: s.Message, primary: atEnd}, visit{i, n + 1})
		}
		if !atEnd {
			add(mark{pos: f.Pos, end: f.End, primary: true}, visit{i, 0})
		}
	}
	for i, m := range all {
		all[i].label = g.label(visits[m])
	}
	return all
}

// label numbers a stop: "2" if it is the second of all paths, "a2,b3" else. A path of
// one step needs no numbers.
func (g *group) label(visits []visit) string {
	shared := len(visits) == len(g.findings)
	for i, v := range visits {
		shared = shared && v == visit{i, visits[0].step}
	}
	var labels []string
	for _, v := range visits {
		if v.step == 0 || len(g.findings[v.path].Steps) == 1 {
			continue
		}
		path := ""
		if len(g.findings) > 1 && !shared {
			path = letters(v.path)
		}
		labels = append(labels, fmt.Sprint(path, v.step))
		if shared {
			break
		}
	}
	return strings.Join(labels, ",")
}

// letters counts a, b, ... z, aa, ab, ...
func letters(n int) string {
	s := string(rune('a' + n%26))
	if n >= 26 {
		return letters(n/26-1) + s
	}
	return s
}

// A span is a mark in display columns.
type span struct {
	from, to int
	mark
}

// shiftFor returns how many columns of a line that is too wide are left out in front,
// so that its marks can be seen.
func shiftFor(spans []span, width int) int {
	if len(spans) == 0 {
		return 0
	}
	first, last := spans[0].from, spans[0].to
	for _, s := range spans {
		first, last = min(first, s.from), max(last, s.to)
	}
	if last < width {
		return 0
	}
	// A quarter more than need be leaves room for notes.
	return max(min(first-2, last-width*3/4), 0)
}
