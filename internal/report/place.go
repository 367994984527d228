package report

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// place renders a position for people and for the problem matchers of editors.
func (r Report) place(p Position) string {
	file := r.shorten(p.File)
	if p.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d:%d", file, p.Line, p.Column)
}

// shorten returns the path relative to Base where that is the shorter form.
func (r Report) shorten(file string) string {
	rel, err := filepath.Rel(r.Base, file)
	if err != nil || len(rel) >= len(file) {
		return file
	}
	return rel
}

// inTree returns a path relative to Root, with slashes, if the file is below it,
// once links are resolved or as it is named.
func (r Report) inTree(file string) (string, bool) {
	names := []string{file}
	if real, err := filepath.EvalSymlinks(file); err == nil {
		names = []string{real, file}
	}
	for _, name := range names {
		if rel, err := filepath.Rel(r.Root, name); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel), true
		}
	}
	return filepath.ToSlash(file), false
}

// fileURL returns a file as a URL.
func fileURL(host, file string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/x
	}
	return (&url.URL{Scheme: "file", Host: host, Path: path}).String()
}
