package newfrom

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// hunk is the head of a hunk: @@ -12,3 +14 @@.
var hunk = regexp.MustCompile(`^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// parse reads a unified diff without context.
func (c *Change) parse(diff []byte) error {
	var file *touched
	skip := 0 // lines of a hunk, which may look like anything
	for line := range strings.Lines(string(diff)) {
		line = strings.TrimSuffix(line, "\n")
		if skip > 0 {
			if !strings.HasPrefix(line, `\`) { // "\ No newline at end of file"
				skip--
			}
			continue
		}
		if name, ok := strings.CutPrefix(line, "+++ "); ok {
			name, err := fileName(name)
			if err != nil {
				return err
			}
			file = new(touched)
			c.files[name] = file
			continue
		}
		m := hunk.FindStringSubmatch(line)
		if m == nil || file == nil {
			continue
		}
		removed, added := number(m[1]), number(m[3])
		first, err := strconv.Atoi(m[2])
		if err != nil {
			return fmt.Errorf("cannot read the output of git diff: %q", line)
		}
		file.note(first, removed, added)
		skip = removed + added
	}
	return nil
}

// note enters a hunk.
func (t *touched) note(first, removed, added int) {
	if added > 0 {
		t.lines = append(t.lines, span{first, first + added - 1})
	}
	if removed > 0 {
		// Where nothing takes the place of what is removed, git gives the line before.
		t.removed = append(t.removed, max(first, first+added-1))
	}
}

// number is a count of lines, which is left out if it is 1.
func number(text string) int {
	if text == "" {
		return 1
	}
	n, _ := strconv.Atoi(text)
	return n
}

// fileName reads the name of a file as git diff writes it: in quotes if it has
// special characters, with a tab behind it if it has blanks.
func fileName(text string) (string, error) {
	text = strings.TrimSuffix(text, "\t")
	if strings.HasPrefix(text, `"`) {
		plain, err := strconv.Unquote(text)
		if err != nil {
			return "", fmt.Errorf("cannot read the output of git diff: file name %s", text)
		}
		text = plain
	}
	return strings.TrimPrefix(text, "b/"), nil
}
