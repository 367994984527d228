package report

import (
	"cmp"
	"slices"
	"strings"
)

// A change replaces lines of a file by others.
type change struct {
	first int // the first line that goes, or before which lines are added
	old   int // how many lines go
	added []string
}

// changes returns what edits of one file do to its lines, in order. It returns
// nothing if they do not fit the file.
func (f *source) changes(edits []Edit) (all []change) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Start, b.Start) })
	edits = slices.Compact(edits)
	for len(edits) > 0 {
		// Edits that meet in a line are one change.
		n, end := 1, edits[0].End
		for n < len(edits) && !strings.Contains(f.slice(end, edits[n].Start), "\n") {
			end = max(end, edits[n].End)
			n++
		}
		c, ok := f.change(edits[:n])
		if !ok {
			return nil
		}
		if c.old > 0 || len(c.added) > 0 {
			all = append(all, c)
		}
		edits = edits[n:]
	}
	return all
}

// slice returns a part of the text as far as it exists.
func (f *source) slice(start, end int) string {
	start = min(max(start, 0), len(f.text))
	return f.text[start:max(start, min(end, len(f.text)))]
}

// change applies edits that meet in a line.
func (f *source) change(edits []Edit) (c change, ok bool) {
	start := edits[0].Start
	first, column, ok := f.place(start)
	if !ok {
		return c, false
	}
	start -= column - 1
	var mended strings.Builder
	at := start
	for _, e := range edits {
		if e.Start < at || e.End < e.Start || e.End > len(f.text) {
			return c, false
		}
		mended.WriteString(f.text[at:e.Start] + e.New)
		at = e.End
	}
	end := len(f.text)
	if i := strings.IndexByte(f.text[at:], '\n'); i >= 0 {
		end = at + i
	}
	mended.WriteString(f.text[at:end])

	old, added := split(f.text[start:end]), split(mended.String())
	for len(old) > 0 && len(added) > 0 && old[0] == added[0] {
		old, added = old[1:], added[1:]
		first++
	}
	for len(old) > 0 && len(added) > 0 && old[len(old)-1] == added[len(added)-1] {
		old, added = old[:len(old)-1], added[:len(added)-1]
	}
	return change{first, len(old), added}, true
}

func split(text string) []string {
	return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

// diff prints changes with a line of context before and after.
func (l listing) diff(f *source, changes []change) {
	var numbers []int
	for _, c := range changes {
		for n := c.first - 1; n <= c.first+c.old; n++ {
			numbers = append(numbers, n)
		}
	}
	indent := f.indent(numbers)
	next := 0 // the first line that is not printed yet
	context := func(from, to int) {
		for n := max(from, next); n <= to; n++ {
			if _, ok := f.line(n); ok {
				l.line(f, n, indent, nil, "")
			}
			next = n + 1
		}
	}
	for i, c := range changes {
		from := c.first - 1
		switch {
		case i == 0 || from <= next:
		case from == next+1:
			from = next // a line takes no more room than what stands for it
		default:
			l.gap()
		}
		context(from, c.first-1)
		for n := c.first; n < c.first+c.old; n++ {
			text, _ := f.line(n)
			l.row(n, "-", removed, window(dedent(text, indent), 0, l.width()))
		}
		for _, text := range c.added {
			l.row(0, "+", added, window(dedent(text, indent), 0, l.width()))
		}
		next = c.first + c.old
		last := next
		if i+1 < len(changes) {
			last = min(last, changes[i+1].first-1)
		}
		context(next, last)
	}
}
