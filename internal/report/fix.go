package report

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// printFix shows what a fix changes, as the lines of a diff without context.
func printFix(w io.Writer, fix Fix, s Settings) {
	fmt.Fprintf(w, "\tfix: %s\n", fix.Message)
	edits := slices.Clone(fix.Edits)
	slices.SortStableFunc(edits, func(a, b Edit) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return a.Start - b.Start
	})
	for _, e := range edits {
		src, err := os.ReadFile(e.File)
		if err != nil || e.Start < 0 || e.Start > e.End || e.End > len(src) {
			continue
		}
		for _, l := range changedLines(string(src), e) {
			fmt.Fprintf(w, "\t\t%s:%d: %c %s\n", s.shorten(e.File), l.number, l.sign, strings.TrimLeft(l.text, "\t "))
		}
	}
}

// A changedLine is a line that an edit removes ('-') or adds ('+').
type changedLine struct {
	sign   byte
	number int // of the line removed, or of the line that the new one follows
	text   string
}

// changedLines returns the lines that differ once e is applied to src. Lines
// that the edit's range touches but leaves alone are no change.
func changedLines(src string, e Edit) []changedLine {
	start := strings.LastIndexByte(src[:e.Start], '\n') + 1
	end := len(src)
	if i := strings.IndexByte(src[e.End:], '\n'); i >= 0 {
		end = e.End + i
	}
	old := strings.Split(src[start:end], "\n")
	mended := strings.Split(src[start:e.Start]+e.New+src[e.End:end], "\n")
	first := strings.Count(src[:start], "\n") + 1

	for len(old) > 0 && len(mended) > 0 && old[0] == mended[0] {
		old, mended = old[1:], mended[1:]
		first++
	}
	for len(old) > 0 && len(mended) > 0 && old[len(old)-1] == mended[len(mended)-1] {
		old, mended = old[:len(old)-1], mended[:len(mended)-1]
	}

	var lines []changedLine
	for i, l := range old {
		lines = append(lines, changedLine{'-', first + i, l})
	}
	at := max(first+len(old)-1, 1)
	for _, l := range mended {
		lines = append(lines, changedLine{'+', at, l})
	}
	return lines
}
