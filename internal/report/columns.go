package report

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// tabWidth is how far apart the tab stops of excerpts are.
const tabWidth = 4

// expand returns a line as a terminal shows it, with tabs as spaces, and the
// display column of each byte of the line and of its end.
func expand(line string) (shown string, columns []int) {
	var b strings.Builder
	columns = make([]int, 0, len(line)+1)
	column, state := 0, -1
	for rest := line; rest != ""; {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		for range len(cluster) {
			columns = append(columns, column)
		}
		switch {
		case cluster == "\t":
			width = tabWidth - column%tabWidth
			b.WriteString(strings.Repeat(" ", width))
		default:
			safe := oneLine(strings.ToValidUTF8(cluster, "\uFFFD"))
			if safe != cluster {
				width = utf8.RuneCountInString(safe)
			}
			b.WriteString(safe)
		}
		column += width
	}
	return b.String(), append(columns, column)
}

// dedent returns a line as it is shown, less some columns of indentation.
func dedent(text string, indent int) string {
	shown, _ := expand(text)
	return shown[min(indent, leading(shown)):]
}

// leading returns how many spaces a shown line begins with.
func leading(shown string) int {
	return len(shown) - len(strings.TrimLeft(shown, " "))
}

// window returns as much of a text, from a column on, as fits into a width. An
// ellipsis stands for what is cut off.
func window(text string, from, width int) string {
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	fits := uniseg.StringWidth(text) <= from+width
	column, state := 0, -1
	for rest := text; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		switch end := column + w; {
		case from > 0 && column <= from:
			b.WriteString(strings.Repeat(" ", max(end-from-1, 0)))
		case !fits && end > from+width-1:
			return b.String() + "…"
		default:
			b.WriteString(cluster)
		}
		column += w
	}
	return b.String()
}
