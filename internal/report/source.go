package report

import (
	"strings"
	"unicode/utf16"
)

// sources keeps the files that a report shows, each read once.
type sources struct {
	read  func(string) ([]byte, error)
	files map[string]*source
}

// A source is a file in lines. One that cannot be read has none.
type source struct {
	text  string
	lines []string // without their ends
	// starts holds the offset of each line in the text.
	starts []int
}

func (r Report) sources() *sources {
	return &sources{r.read, make(map[string]*source)}
}

// file returns a file, without any line if it cannot be read.
func (s *sources) file(name string) *source {
	if f, ok := s.files[name]; ok {
		return f
	}
	f := new(source)
	if data, err := s.read(name); err == nil {
		f = newSource(string(data))
	}
	s.files[name] = f
	return f
}

func newSource(text string) *source {
	f := &source{text: text}
	offset := 0
	for line := range strings.Lines(text) {
		f.lines = append(f.lines, strings.TrimRight(line, "\r\n"))
		f.starts = append(f.starts, offset)
		offset += len(line)
	}
	return f
}

// line returns a line, counted from 1.
func (f *source) line(n int) (text string, ok bool) {
	if n < 1 || n > len(f.lines) {
		return "", false
	}
	return f.lines[n-1], true
}

// place returns the line and the byte column, both counted from 1, of an offset.
func (f *source) place(offset int) (line, column int, ok bool) {
	if offset < 0 || offset > len(f.text) {
		return 0, 0, false
	}
	line = 1 + strings.Count(f.text[:offset], "\n")
	return line, offset - strings.LastIndexByte(f.text[:offset], '\n'), true
}

// utf16Column turns a byte column of a line into one that counts UTF-16 units, as
// SARIF and editors do.
func (f *source) utf16Column(line, column int) int {
	text, ok := f.line(line)
	if !ok || column < 1 || column > len(text)+1 {
		return column
	}
	units := 0
	for _, r := range text[:column-1] {
		units += utf16.RuneLen(r)
	}
	return 1 + units
}
