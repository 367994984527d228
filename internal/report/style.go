package report

import (
	"fmt"
	"strings"

	"github.com/rivo/uniseg"
)

// A Style says what a terminal can do beyond plain text.
type Style struct {
	Colors bool
	Links  bool   // OSC 8 hyperlinks
	Host   string // the name of this machine, which links to files carry
	Width  int    // columns, 0 if that is unknown
}

// The colours, as parameters of SGR. They are of the sixteen that users choose
// themselves, so that they can be read on any background.
const (
	bold      = "1"
	failure   = "1;31"
	caution   = "1;33"
	secondary = "36"
	faint     = "90"
	added     = "32"
	removed   = "31"
)

// paint colours a text.
func (s Style) paint(sgr, text string) string {
	if !s.Colors || sgr == "" || text == "" {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}

// link makes a text lead to a line of a file. There is no standard for the line;
// a number for a fragment is what terminals that open editors, such as kitty, look for.
func (s Style) link(p Position, text string) string {
	if !s.Links || p.File == "" {
		return text
	}
	target := fileURL(s.Host, p.File)
	if p.Line > 0 {
		target += fmt.Sprintf("#%d", p.Line)
	}
	return "\x1b]8;;" + target + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}

// wrap breaks a text that starts at a column of the terminal between words.
func (s Style) wrap(text string, column int) string {
	if s.Width == 0 {
		return text
	}
	const indent = "    "
	return strings.Join(fold(text, s.Width-column, s.Width-len(indent)), "\n"+indent)
}

// fold breaks a text between words into a first line and others of some width. A
// word that is wider stays whole.
func fold(text string, first, others int) (lines []string) {
	line, room := "", first
	for i, word := range strings.Split(text, " ") {
		width := uniseg.StringWidth(word)
		switch {
		case i == 0:
		case 1+width > room:
			lines = append(lines, line)
			line, room = "", others
		default:
			line += " "
			room--
		}
		line += word
		room -= width
	}
	return append(lines, line)
}

// oneLine makes a text safe to print: messages and source lines hold what the
// author of the analysed code wrote, which may be control characters and marks
// that reorder a line. Tabs are the caller's.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == ' ':
			return r
		case r < ' ', r >= 0x7f && r < 0xa0,
			r == '\u2028', r == '\u2029',
			r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return '\uFFFD'
		}
		return r
	}, text)
}
