package govet

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// patch applies a unified diff, as go vet -fix -diff prints it, and returns the files
// as they become. A file that is not as the diff has it is an error, and nothing is
// returned: somebody has changed it since it was analysed. Line ends stay what they were
// all over a file, which gofmt does not care for.
func patch(diff string, read func(name string) ([]byte, error)) (map[string][]byte, error) {
	files := make(map[string][]byte)
	rest := slices.Collect(strings.Lines(diff))
	for len(rest) > 0 {
		name, ok := cutBoth(rest[0], "--- ", " (old)\n")
		if !ok || len(rest) < 2 || files[name] != nil {
			return nil, fmt.Errorf("cannot read the diff of go vet at %q", rest[0])
		}
		text, err := read(name)
		if err != nil {
			return nil, err
		}
		var hunks []hunk
		if hunks, rest, err = takeHunks(rest[2:]); err != nil {
			return nil, err
		}
		mended, ok := mend(slices.Collect(strings.Lines(string(text))), hunks)
		if !ok {
			return nil, fmt.Errorf("%s has changed since it was analysed", name)
		}
		if endsInCRLF(string(text)) {
			mended = strings.ReplaceAll(strings.ReplaceAll(mended, "\r\n", "\n"), "\n", "\r\n")
		}
		files[name] = []byte(mended)
	}
	return files, nil
}

// endsInCRLF reports whether all lines of a text end in a carriage return.
func endsInCRLF(text string) bool {
	n := strings.Count(text, "\n")
	return n > 0 && n == strings.Count(text, "\r\n")
}

func cutBoth(s, prefix, suffix string) (string, bool) {
	s, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(s, suffix)
}

// A hunk replaces lines from one on, counted from 0.
type hunk struct {
	first    int
	old, new []string
}

// hunkHead is the head of a hunk: @@ -12,3 +14 @@. A count that is left out is 1.
var hunkHead = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@\n$`)

// takeHunks reads the hunks of one file off the front of some lines.
func takeHunks(lines []string) (hunks []hunk, rest []string, err error) {
	for len(lines) > 0 && !strings.HasPrefix(lines[0], "--- ") {
		m := hunkHead.FindStringSubmatch(lines[0])
		if m == nil {
			return nil, nil, fmt.Errorf("cannot read the diff of go vet at %q", lines[0])
		}
		h := hunk{first: count(m[1]) - 1}
		lines = lines[1:]
		for len(h.old) < count(m[2]) || len(h.new) < count(m[3]) {
			if len(lines) == 0 {
				return nil, nil, errors.New("the diff of go vet ends in the middle")
			}
			line := lines[0]
			if lines = lines[1:]; len(lines) > 0 && strings.HasPrefix(lines[0], `\`) {
				// No newline at end of file.
				line, lines = strings.TrimSuffix(line, "\n"), lines[1:]
			}
			if !h.take(line) {
				return nil, nil, fmt.Errorf("cannot read the diff of go vet at %q", line)
			}
		}
		hunks = append(hunks, h)
	}
	return hunks, lines, nil
}

// take enters a line, whose first character says on which side it stands.
func (h *hunk) take(line string) bool {
	if line == "" {
		return false
	}
	sign, text := line[0], line[1:]
	if sign == ' ' || sign == '-' {
		h.old = append(h.old, text)
	}
	if sign == ' ' || sign == '+' {
		h.new = append(h.new, text)
	}
	return sign == ' ' || sign == '-' || sign == '+'
}

// mend replaces lines, if the old ones stand where the hunks have them.
func mend(lines []string, hunks []hunk) (text string, ok bool) {
	var b strings.Builder
	at := 0
	for _, h := range hunks {
		end := h.first + len(h.old)
		if h.first < at || end > len(lines) || !slices.Equal(lines[h.first:end], h.old) {
			return "", false
		}
		for _, line := range append(lines[at:h.first:h.first], h.new...) {
			b.WriteString(line)
		}
		at = end
	}
	for _, line := range lines[at:] {
		b.WriteString(line)
	}
	return b.String(), true
}

// count is a number of lines, which is left out if it is 1.
func count(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 1
	}
	return n
}
