package e2e

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The cells of a drawn terminal.
const (
	cellWidth, cellHeight = 8.0, 18.0
	margin                = 16.0
)

// colors maps the parameters of SGR that are in use to attributes of SVG.
var colors = map[string]string{
	"1":    `fill="#f0f6fc" font-weight="bold"`,
	"1;31": `fill="#ff7b72" font-weight="bold"`,
	"1;33": `fill="#e3b341" font-weight="bold"`,
	"36":   `fill="#56d4dd"`,
	"90":   `fill="#7d8590"`,
	"32":   `fill="#56d364"`,
	"31":   `fill="#ff7b72"`,
}

var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// drawTerminal draws what a terminal of some columns shows after a program has
// printed a text with colours.
func drawTerminal(text string, columns int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	width := 2*margin + cellWidth*float64(columns)
	height := 2*margin + cellHeight*float64(len(lines))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%g" height="%g" rx="8" fill="#0d1117"/>`+"\n", width, height)
	b.WriteString(`<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#c9d1d9">` + "\n")
	for i, line := range lines {
		drawLine(&b, line, margin+cellHeight*(float64(i)+0.75))
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// drawLine draws each run of one colour at its own place, and as wide as its cells,
// so that columns are right in any font.
func drawLine(b *strings.Builder, line string, y float64) {
	column, color := 0, ""
	run := func(text string) {
		bare := strings.TrimLeft(text, " ")
		column += len(text) - len(bare)
		if n := utf8.RuneCountInString(bare); strings.TrimSpace(bare) != "" {
			fmt.Fprintf(b, `<text x="%g" y="%g" textLength="%g" lengthAdjust="spacingAndGlyphs" xml:space="preserve" %s>%s</text>`+"\n",
				margin+cellWidth*float64(column), y, cellWidth*float64(n), colors[color], html.EscapeString(bare))
		}
		column += utf8.RuneCountInString(bare)
	}
	at := 0
	for _, m := range sgr.FindAllStringSubmatchIndex(line, -1) {
		run(line[at:m[0]])
		color, at = line[m[2]:m[3]], m[1]
	}
	run(line[at:])
}
