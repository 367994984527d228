package protocol

import (
	"slices"
	"strings"
)

// What can be told from names alone, before anything is parsed: a driver decides
// by it which packages need no look at all. Every answer here errs on the side of
// the longer look.

// About returns the names of the built-in descriptions that hold for the package
// with this import path. Packages known by their shape are not found by their path.
func (s *Set) About(path string) (files []string) {
	path = cleanPath(path)
	for _, i := range s.byPath[path] {
		files = append(files, s.sources[i].name)
	}
	return files
}

// Calls returns the names of the functions by which, as far as these descriptions know, a
// transaction is opened, finished or run, and of those by which a path ends. Descriptions
// of packages without a path that could be asked for are always among them, and so is the
// user's word.
func (s *Set) Calls(files []string) (tx, exit map[string]bool) {
	tx, exit = make(map[string]bool), make(map[string]bool)
	for _, src := range s.sources {
		if src.everywhere() || slices.Contains(files, src.name) {
			src.calls(func(section, name string) {
				if section == exitSection {
					exit[name] = true
				} else {
					tx[name] = true
				}
			})
		}
	}
	for _, f := range s.user {
		for sym, r := range f.roles {
			if r.isTx() {
				tx[sym.name] = true
			}
			if r.Exit != "" {
				exit[sym.name] = true
			}
		}
	}
	return tx, exit
}

// isTx reports whether the function opens, finishes or runs transactions.
func (r *Role) isTx() bool {
	return r.Open != nil || r.Finish != nil || r.Managed != nil || r.EndsOnErr != nil
}

// Shapes returns, for each shape by which packages are recognised, the built-in
// description that has it, or "", and the types that such a package declares.
func (s *Set) Shapes() (files []string, types [][]string) {
	add := func(file string, shapes []shape) {
		for _, sh := range shapes {
			files, types = append(files, file), append(types, sh.Types)
		}
	}
	for _, i := range s.shaped {
		add(s.sources[i].name, s.sources[i].shapes)
	}
	for _, f := range s.user {
		add("", f.shapes)
	}
	return files, types
}

// User returns the libraries that the user has described.
func (s *Set) User() (libs []*Library) {
	for _, f := range s.user {
		libs = append(libs, f.Library)
	}
	return libs
}

// NamesBegin reports whether OpenByShape accepts functions of this name.
func NamesBegin(name string) bool {
	switch {
	case len(name) < len("begin"):
		return false
	case name[0]|0x20 != 'b' && name[0]|0x20 != 's':
		return false
	}
	return beginNames[strings.ToLower(name)]
}

// everywhere reports whether every program reaches the source's packages: those
// of the standard library other than database/sql, which nobody is asked about.
func (s *source) everywhere() bool {
	return !s.opens && slices.ContainsFunc(s.heads, func(h importPath) bool { return Standard(h.path.text) })
}

// Standard reports whether an import path is one that the standard library may
// have: its first element has no dot.
func Standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// roots are the first elements of the standard library's import paths.
var roots = map[string]bool{
	"archive": true, "bufio": true, "builtin": true, "bytes": true, "cmd": true, "cmp": true, "compress": true,
	"container": true, "context": true, "crypto": true, "database": true, "debug": true, "embed": true,
	"encoding": true, "errors": true, "expvar": true, "flag": true, "fmt": true, "go": true, "hash": true,
	"html": true, "image": true, "index": true, "internal": true, "io": true, "iter": true, "log": true,
	"maps": true, "math": true, "mime": true, "net": true, "os": true, "path": true, "plugin": true,
	"reflect": true, "regexp": true, "runtime": true, "slices": true, "sort": true, "strconv": true,
	"strings": true, "structs": true, "sync": true, "syscall": true, "testing": true, "text": true,
	"time": true, "unicode": true, "unique": true, "unsafe": true, "vendor": true, "weak": true,
}

// InStandard reports whether an import path is below one of the standard library's: a
// module of a program, whose path may have no dot either, hardly is.
func InStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return roots[first]
}

// calledIn are the sections of a description that make a use of a function a
// reason to look at a package.
var calledIn = map[string]bool{
	"open": true, "finish": true, "managed": true, "ends-on-error": true, exitSection: true,
}

// exitSection has the functions by which a path ends.
const exitSection = "exit"

// calls reads the names of the functions in those sections, without parsing. It
// knows just the layout that our own files have. A test compares it with the parser.
func (s *source) calls(add func(section, name string)) {
	section, in := "", false
	for line := range strings.Lines(s.text) {
		if line[0] != ' ' && line[0] != '\n' && line[0] != '#' && line[0] != '-' {
			section, _, _ = strings.Cut(line, ":")
			in = calledIn[section]
		}
		line, _, _ = strings.Cut(line, "#")
		for in {
			before, after, ok := strings.Cut(line, ".")
			if !ok {
				break
			}
			name, next := word0(after)
			if qualifies(before) && (next == "" || !strings.Contains(")/.", next[:1])) {
				add(section, name)
			}
			line = after
		}
	}
}

// word0 splits the identifier at the start of a text from the rest.
func word0(s string) (name, rest string) {
	i := strings.IndexFunc(s, notInWord)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// qualifies reports whether what stands before a dot is a package or a receiver,
// and not a place such as "result 0" or "handle".
func qualifies(before string) bool {
	if strings.HasSuffix(before, ")") {
		return true
	}
	w := before[strings.LastIndexFunc(before, notInWord)+1:]
	return identifier(w) && w != "handle" && w != "recv" && w != "self"
}

func notInWord(r rune) bool { return !identifier("x" + string(r)) }
