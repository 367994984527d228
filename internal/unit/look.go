package unit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/protocol"
	"github.com/txcheck/txcheck/internal/txflow"
)

// A view is what is known of a unit before it is parsed.
type view struct {
	skip bool
	// ends tells which names may end a path, where nothing else is to be found out (U9);
	// nil elsewhere.
	ends    func(name string) bool
	reaches bool // a transaction library, where that has been found out
	// answer is whole if the unit is skipped; otherwise it has what the imports say.
	answer  *answer
	imports map[string]*answer
	texts   [][]byte // of the Go files, nil if they were not read
}

// look decides whether the unit can be skipped.
func (u *unit) look() (*view, error) {
	set, err := u.opts.Set()
	if err != nil {
		set = protocol.Builtin() // the analysis reports it
	}
	v := &view{answer: new(answer), imports: make(map[string]*answer)}
	if u.cfg.standard() && !describesStandard(set) {
		v.skip = err == nil
		return v, nil
	}
	complete, lookErr := u.readImports(v)
	if lookErr != nil {
		return nil, lookErr
	}
	reaches := u.gather(v, set)
	if err != nil || !complete || set.Relevant(u.cfg.ImportPath) || u.asked() || thorough {
		return v, nil
	}
	if v.texts, err = readAll(u.cfg.GoFiles); err != nil {
		return nil, err
	}
	if !u.cfg.VetxOnly && slices.ContainsFunc(v.texts, hasDirective) {
		return v, nil
	}
	if !reaches && u.cfg.onlyTests() {
		v.skip = true
		return v, nil
	}
	words := v.words(set, reaches)
	found, ends := words.occur(v.texts)
	v.answer.libraries = words.withShapes(v.answer.libraries)
	switch {
	case found:
		return v, nil
	case (ends || u.cfg.own()) && u.cfg.VetxOnly:
		v.ends = words.ends
	default:
		v.skip = !ends && !u.cfg.own()
	}
	v.reaches = reaches
	return v, nil
}

// nothing is the answer of a unit that has nothing to tell but what it reaches.
func (u *unit) nothing(v *view) *answer {
	if v.reaches {
		v.answer.facts = appendFact(v.answer.facts, key{pkg: u.cfg.ImportPath}, txflow.Reached())
	}
	return v.answer
}

// thorough is set by a test that compares what is found when nothing is skipped.
var thorough bool

// describesStandard reports whether a user's library may be part of the standard
// library.
func describesStandard(set *protocol.Set) bool {
	return slices.ContainsFunc(set.User(), func(l *protocol.Library) bool {
		return slices.ContainsFunc(l.Imports, protocol.Standard)
	})
}

// asked reports whether the user asks about a file of the unit.
func (u *unit) asked() bool {
	if u.opts.Why == "" {
		return false
	}
	name, _, _ := strings.Cut(filepath.Base(u.opts.Why), ":")
	return slices.ContainsFunc(u.cfg.GoFiles, func(file string) bool { return filepath.Base(file) == name })
}

// readImports reads the answers of the imports, and reports whether each has one.
func (u *unit) readImports(v *view) (complete bool, err error) {
	complete = true
	for _, path := range u.cfg.ImportMap {
		file, ok := u.cfg.PackageVetx[path]
		if !ok {
			complete = complete && (path == "unsafe" || path == "C")
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return false, err
		}
		if v.imports[path], err = decodeAnswer(data); err != nil {
			return false, fmt.Errorf("invalid vetx file for %q: %v", path, err)
		}
	}
	return complete, nil
}

// gather puts together what the imports say for importers of this unit, and
// reports whether the unit reaches a transaction library.
func (u *unit) gather(v *view, set *protocol.Set) (reaches bool) {
	libraries := set.About(u.cfg.ImportPath)
	seen := make(map[key]bool)
	for _, l := range set.User() {
		// The package may have been analysed without the user's word: a downloaded
		// module is not below the configuration.
		reaches = reaches || slices.ContainsFunc(l.Imports, func(path string) bool { return v.imports[path] != nil })
	}
	for _, a := range v.sorted() {
		libraries = append(libraries, a.libraries...)
		for _, e := range a.facts {
			if e.concern == txflow.ReachesLibrary {
				reaches = true
			}
			if e.travels() && !seen[e.key] {
				seen[e.key] = true
				v.answer.facts = append(v.answer.facts, e)
			}
		}
	}
	slices.Sort(libraries)
	v.answer.libraries = slices.Compact(libraries)
	return reaches
}

// sorted returns the answers of the imports in the order of their paths.
func (v *view) sorted() (list []*answer) {
	paths := make([]string, 0, len(v.imports))
	for path := range v.imports {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		list = append(list, v.imports[path])
	}
	return list
}

func readAll(names []string) (texts [][]byte, err error) {
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// hasDirective reports whether a file may have a directive of ours (U5).
func hasDirective(text []byte) bool { return bytes.Contains(text, []byte("//txcheck:")) }
