package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
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

// A listing prints numbered lines of source.
type listing struct {
	out     io.Writer
	style   Style
	numbers int // width of the column of line numbers
}

// row prints one line of a listing: a number or nothing, a sign, a text.
func (l listing) row(number int, sign, color, text string) {
	n := ""
	if number > 0 {
		n = fmt.Sprint(number)
	}
	gutter := l.style.paint(faint, fmt.Sprintf("%*s ", l.numbers+2, n))
	if sign == "|" {
		sign = l.style.paint(faint, sign)
	} else {
		sign = l.style.paint(color, sign)
	}
	fmt.Fprintln(l.out, strings.TrimRight(gutter+sign+" "+l.style.paint(color, text), " "))
}

// gap prints what stands for lines that are left out.
func (l listing) gap() {
	fmt.Fprintln(l.out, l.style.paint(faint, strings.Repeat(" ", l.numbers)+" ..."))
}

// excerpt prints the marked lines of one file, and below each what is marked in it.
func (l listing) excerpt(f *source, marks []mark, head string) {
	byLine := make(map[int][]mark)
	var numbers []int
	for _, m := range marks {
		if byLine[m.pos.Line] == nil {
			numbers = append(numbers, m.pos.Line)
		}
		byLine[m.pos.Line] = append(byLine[m.pos.Line], m)
	}
	slices.Sort(numbers)
	indent := f.indent(numbers)
	last := numbers[0]
	for _, n := range numbers {
		switch n - last {
		case 0, 1:
		case 2:
			l.line(f, n-1, indent, nil, head)
		default:
			l.gap()
		}
		l.line(f, n, indent, byLine[n], head)
		last = n
	}
}

// line prints a line less its indentation, and its marks.
func (l listing) line(f *source, n, indent int, marks []mark, head string) {
	text, _ := f.line(n)
	shown, columns := expand(text)
	at := func(column int) int { // of a byte column, where the line begins at indent
		return max(columns[min(max(column-1, 0), len(text))]-indent, 0)
	}
	width := l.style.Width - l.numbers - len("   | ")
	shown = shown[min(indent, len(shown)-len(strings.TrimLeft(shown, " "))):]
	if fits := func(m mark) bool { return at(m.pos.Column) < width/2 }; width > 0 && all(marks, fits) {
		shown = crop(shown, width)
	}
	l.row(n, "|", "", shown)

	from, to := -1, -1
	for _, m := range marks {
		sameRange := from == at(m.pos.Column)
		from = at(m.pos.Column)
		end := max(at(len(text)+1), from+1)
		if m.end.File == m.pos.File && m.end.Line == n {
			end = max(at(m.end.Column), from+1)
		}
		sameRange = sameRange && end == to
		to = end
		color, sign := secondary, "-"
		if m.primary {
			color, sign = head, "^"
		}
		if sameRange {
			sign = " "
		}
		under := strings.Repeat(sign, to-from)
		if l.style.Width > 0 {
			under = crop(under, max(width-from, 1))
		}
		note := strings.TrimSpace(m.label + " " + oneLine(m.text))
		l.row(0, "|", "", strings.Repeat(" ", from)+l.style.paint(color, strings.TrimRight(under+" "+note, " ")))
	}
}

func all(marks []mark, ok func(mark) bool) bool {
	return !slices.ContainsFunc(marks, func(m mark) bool { return !ok(m) })
}

// crop cuts a text that is wider than a number of columns.
func crop(text string, width int) string {
	if uniseg.StringWidth(text) <= width {
		return text
	}
	used, end, state := 0, 0, -1
	for rest := text; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += w; used > width-1 {
			break
		}
		end += len(cluster)
	}
	return text[:end] + "…"
}

// indent returns how many columns of indentation some lines have in common.
func (f *source) indent(numbers []int) int {
	common := -1
	for _, n := range numbers {
		if text, _ := f.line(n); strings.TrimSpace(text) != "" {
			shown, _ := expand(text)
			own := len(shown) - len(strings.TrimLeft(shown, " "))
			if common < 0 || own < common {
				common = own
			}
		}
	}
	return max(common, 0)
}
