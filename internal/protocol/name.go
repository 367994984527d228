package protocol

import (
	"fmt"
	"strings"
)

// A symbol names a function or method below a package qualifier. Whether the
// receiver is a pointer is left out: one type never has both.
type symbol struct {
	pkg  string // qualifier of the file
	recv string // name of the receiver's type, "" for a function
	name string
}

func (s symbol) String() string {
	if s.recv == "" {
		return s.pkg + "." + s.name
	}
	return "(" + s.pkg + "." + s.recv + ")." + s.name
}

// parseFunc reads a function as Go source writes it: sql.Open, (*sql.DB).Begin,
// (orm.Ormer).Begin. The package may also be a whole import path.
func parseFunc(s string) (symbol, error) {
	if !strings.HasPrefix(s, "(") {
		pkg, name, ok := cutLast(s, ".")
		if !ok || !identifier(name) || strings.ContainsAny(pkg, "()* ") {
			return symbol{}, badFunc(s)
		}
		return symbol{pkg: pkg, name: name}, nil
	}
	recv, name, ok := strings.Cut(s[1:], ").")
	if !ok || !identifier(name) {
		return symbol{}, badFunc(s)
	}
	pkg, typ, err := parseType(recv)
	if err != nil {
		return symbol{}, badFunc(s)
	}
	return symbol{pkg, typ, name}, nil
}

func badFunc(s string) error {
	return fmt.Errorf("malformed function %q: want pkg.Func, (pkg.Type).Method or (*pkg.Type).Method", s)
}

// parseType reads pkg.Type or *pkg.Type.
func parseType(s string) (pkg, name string, err error) {
	pkg, name, ok := cutLast(strings.TrimPrefix(s, "*"), ".")
	if !ok || pkg == "" || !identifier(name) || strings.ContainsAny(pkg, "()* ") {
		return "", "", fmt.Errorf("malformed type %q: want pkg.Type", s)
	}
	return pkg, name, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i > 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// qualifier is the package name that an import path has by convention:
// the last element, but neither a major version nor gopkg.in's suffix.
func qualifier(path string) string {
	elems := strings.Split(path, "/")
	last := elems[len(elems)-1]
	if len(elems) > 1 && majorVersion(last) {
		last = elems[len(elems)-2]
	}
	if base, v, ok := cutLast(last, "."); ok && majorVersion(v) {
		last = base
	}
	return last
}

func majorVersion(s string) bool {
	if len(s) < 2 || s[0] != 'v' {
		return false
	}
	for _, r := range s[1:] {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// cleanPath takes what go/types calls a package to the path that a file lists:
// without a vendor folder before it and without the mark of a test variant.
func cleanPath(path string) string {
	if i := strings.IndexByte(path, ' '); i >= 0 {
		path = path[:i]
	}
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		return path[i+len("/vendor/"):]
	}
	return strings.TrimPrefix(path, "vendor/")
}
