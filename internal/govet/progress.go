package govet

import (
	"bytes"
	"context"
	"slices"
	"strings"
)

// A counter collects what the go command prints and calls done after each JSON
// object, of which there is one a package.
type counter struct {
	text bytes.Buffer // not embedded: its ReadFrom would go around Write
	done func()
	line []byte // the beginning of a line that has not ended
}

// Write never fails.
func (c *counter) Write(text []byte) (int, error) {
	for rest := text; c.done != nil && len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			c.line = append(c.line, rest...)
			break
		}
		line := strings.TrimRight(string(c.line)+string(rest[:i]), "\r")
		c.line, rest = c.line[:0], rest[i+1:]
		if line == "{}" || line == "}" {
			c.done()
		}
	}
	return c.text.Write(text)
}

// Count returns how many packages Check will be done with: those that the patterns
// match, and their external tests. It returns 0 if the go command does not tell.
func (r Run) Count(ctx context.Context) int {
	const one = "{{if or .GoFiles .CgoFiles .TestGoFiles}}1{{end}}{{if .XTestGoFiles}}1{{end}}"
	return strings.Count(strings.Join(r.list(ctx, one), ""), "1")
}

// List returns the import paths of the packages that the patterns match.
func (r Run) List(ctx context.Context) []string { return r.list(ctx, "{{.ImportPath}}") }

// Has reports whether a file, named without its directory, is part of what the
// patterns match, or whether the go command does not tell.
func (r Run) Has(ctx context.Context, file string) bool {
	const names = "{{range .GoFiles}}{{.}}\n{{end}}{{range .CgoFiles}}{{.}}\n{{end}}" +
		"{{range .TestGoFiles}}{{.}}\n{{end}}{{range .XTestGoFiles}}{{.}}\n{{end}}"
	all := r.list(ctx, names)
	return len(all) == 0 || slices.Contains(all, file)
}

// list has go list print each package by a template, and returns the lines.
func (r Run) list(ctx context.Context, template string) []string {
	args := append([]string{"list", "-e", "-f", template}, buildFlags(r.Flags)...)
	r.Progress = nil
	out, err := r.goCommand(ctx, append(append(args, "--"), r.Packages...))
	if err != nil {
		return nil
	}
	return strings.FieldsFunc(string(out.stdout), func(r rune) bool { return r == '\n' || r == '\r' })
}
