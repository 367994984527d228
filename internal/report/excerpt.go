package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

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

// note prints a line of words between lines of source.
func (l listing) note(text string) {
	fmt.Fprintln(l.out, strings.Repeat(" ", l.numbers+1)+text)
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
	shown = shown[min(indent, leading(shown)):]
	var spans []span
	for _, m := range marks {
		from := max(columns[min(max(m.pos.Column-1, 0), len(text))]-indent, 0)
		to := columns[len(text)] - indent
		if m.end.File == m.pos.File && m.end.Line == n {
			to = columns[min(max(m.end.Column-1, 0), len(text))] - indent
		}
		spans = append(spans, span{from, max(to, from+1), m})
	}
	width := l.width()
	shift := 0
	if uniseg.StringWidth(shown) > width {
		shift = shiftFor(spans, width)
		shown = window(shown, shift, width)
	}
	l.row(n, "|", "", shown)
	for i, s := range spans {
		again := i > 0 && s.from == spans[i-1].from && s.to == spans[i-1].to
		s.from, s.to = max(s.from-shift, 0), min(max(s.to-shift, 1), width)
		l.underline(s, again, head)
	}
}

// hanging is in front of the further lines of a note that is wider than the terminal.
const hanging = "  "

// width returns how many columns there are for source lines.
func (l listing) width() int {
	if l.style.Width == 0 {
		return math.MaxInt
	}
	return max(l.style.Width-l.numbers-len("   | "), 20)
}

// underline prints what is below a marked line: the underline, unless the mark
// before has it already, and the note behind it, or below it if that is too long.
func (l listing) underline(s span, again bool, head string) {
	color, sign := secondary, "-"
	if s.primary {
		color, sign = head, "^"
	}
	if again {
		sign = " "
	}
	indent := strings.Repeat(" ", s.from)
	under := strings.Repeat(sign, max(s.to-s.from, 1))
	note := strings.TrimSpace(s.label + " " + oneLine(s.text))
	size := uniseg.StringWidth(note)
	switch {
	case note == "":
		l.row(0, "|", "", indent+l.style.paint(color, under))
	case s.to+1+size <= l.width():
		l.row(0, "|", "", indent+l.style.paint(color, under+" "+note))
	default:
		if !again {
			l.row(0, "|", "", indent+l.style.paint(color, under))
		}
		indent = indent[:max(min(s.from, l.width()-size), 0)]
		for i, line := range fold(note, l.width(), l.width()-len(hanging)) {
			if i > 0 {
				line = hanging + line
			}
			l.row(0, "|", "", indent+l.style.paint(color, line))
		}
	}
}

// indent returns how many columns of indentation some lines have in common.
func (f *source) indent(numbers []int) int {
	common := -1
	for _, n := range numbers {
		if text, _ := f.line(n); strings.TrimSpace(text) != "" {
			shown, _ := expand(text)
			own := leading(shown)
			if common < 0 || own < common {
				common = own
			}
		}
	}
	return max(common, 0)
}
