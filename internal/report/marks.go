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

// marks returns what the excerpt of a group is to show, in the order of its paths.
// A step that several paths share is one mark.
func (g *group) marks() []mark {
	type visit struct{ path, step int }
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
		vs := visits[m]
		shared := len(vs) == len(g.findings)
		var labels []string
		for j, v := range vs {
			shared = shared && v.path == j && v.step == vs[0].step
			if v.step > 0 && len(g.findings[v.path].Steps) > 1 {
				labels = append(labels, fmt.Sprintf("%s%d", letters(v.path), v.step))
			}
		}
		if shared && len(labels) > 0 {
			labels = []string{fmt.Sprint(vs[0].step)}
		}
		all[i].label = strings.Join(labels, ",")
	}
	return all
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
	first, last := spans[0].from, spans[0].from
	for _, s := range spans {
		first, last = min(first, s.from), max(last, s.from)
	}
	if last <= width*3/4 {
		return 0
	}
	return max(min(first-2, last-width/2), 0)
}
