// Package corpus reads the cases under testdata and runs them for truth: the
// exits where transactions really stay open must be those that the comments of
// the cases expect to be reported.
//
// It knows the notation of the cases (see txprobe there) and of analysistest's
// want comments. It does not know the analyser.
package corpus

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/scanner"
)

// probe is the package that cases are run with, a module of its own.
const probe = "txcases/txprobe"

// A Corpus is one module of cases.
type Corpus struct {
	Dir      string
	Packages []*Package
	Paths    int // when positive, how many paths of a case are run at most
}

// A Package is one folder of cases, or of what cases import.
type Package struct {
	Path   string // import path
	Files  []*File
	NotRun bool // a command, or marked so: read by the analyser, never run here
}

// A File is one source file of cases.
type File struct {
	Name   string // slash-separated, from the corpus's folder
	Src    []byte
	Fset   *token.FileSet
	Syntax *ast.File
	Wants  []Want
	Never  map[int]bool // lines marked "// not reached": no path executes them
}

// A Want is one expected diagnostic.
type Want struct {
	File    string
	Line    int
	Pattern *regexp.Regexp
	Limit   string // "L3" where the analyser is known to be wrong; see docs/limits.md
	Gap     Gap
}

// A Gap tells how the analyser is wrong on a line.
type Gap int

// The gaps, and how a case admits them:
//
//	return err // limit L3 misses `return leaves transaction tx open`
//	return err /* limit L4 invents */ // want `return leaves transaction tx open`
const (
	None    Gap = iota
	Misses      // it leaks and is not reported
	Invents     // it is reported and does not leak
)

// Kind tells what sort of exit the want speaks of, by its first words.
func (w Want) Kind() string {
	text := w.Pattern.String()
	for prefix, kind := range map[string]string{
		"return ":          "return",
		"end of function ": "end",
		"next iteration ":  "next",
		"overwriting ":     "overwriting",
		"discarding ":      "discarding",
	} {
		if strings.HasPrefix(text, prefix) {
			return kind
		}
	}
	return "panic"
}

// Modules are the folders below dir that are modules of cases. There are several
// because libraries, and versions of one, exclude each other.
func Modules(dir string) (dirs []string, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*", "go.mod"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		path, err := modulePath(name)
		if err != nil {
			return nil, err
		}
		if path == "txcases" || strings.HasPrefix(path, "txcases/") {
			dirs = append(dirs, filepath.Dir(name))
		}
	}
	return dirs, nil
}

var moduleLine = regexp.MustCompile(`(?m)^module (\S+)$`)

// modulePath returns what a go.mod calls its module.
func modulePath(name string) (string, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	m := moduleLine.FindSubmatch(text)
	if m == nil {
		return "", fmt.Errorf("%s names no module", name)
	}
	return string(m[1]), nil
}

// Load reads the module of cases at dir.
func Load(dir string) (*Corpus, error) {
	module, err := modulePath(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, err
	}
	c := &Corpus{Dir: dir}
	packages := map[string]*Package{}
	err = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == "txprobe" || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") || !strings.Contains(rel, "/") {
			return nil
		}
		f, err := load(name, rel)
		if err != nil {
			return err
		}
		if ast.IsGenerated(f.Syntax) {
			return nil // a library's, as it were: neither marked nor judged
		}
		path := module + "/" + rel[:strings.LastIndexByte(rel, '/')]
		p := packages[path]
		if p == nil {
			p = &Package{Path: path}
			packages[path] = p
			c.Packages = append(c.Packages, p)
		}
		p.NotRun = p.NotRun || f.isCommand() || f.isMarked()
		p.Files = append(p.Files, f)
		return nil
	})
	return c, err
}

func (f *File) isCommand() bool { return f.Syntax.Name.Name == "main" }

func load(name, rel string) (*File, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f := &File{Name: rel, Src: src, Fset: token.NewFileSet()}
	f.Syntax, err = parser.ParseFile(f.Fset, rel, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return f, f.readWants()
}

// runnable reports whether the package has cases: func New(*txprobe.Probe) any.
func (p *Package) runnable() bool {
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "New" {
				return true
			}
		}
	}
	return false
}

// hasCase reports whether the name of one of the package's cases contains text.
func (p *Package) hasCase(text string) bool {
	for _, f := range p.Files {
		for _, d := range f.Syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && strings.Contains(fn.Name.Name, text) {
				return true
			}
		}
	}
	return false
}

// notRun in the comment of a package says that its cases need what there is not here.
const notRun = "//txprobe:not-run"

func (f *File) isMarked() bool {
	return f.Syntax.Doc != nil && slices.ContainsFunc(f.Syntax.Doc.List, func(c *ast.Comment) bool { return c.Text == notRun })
}

// isEngine reports whether the file sets up what the cases run on: it is compiled
// as it stands, and its functions are none of the cases.
func (f *File) isEngine() bool { return path.Base(f.Name) == "engine.go" }

var (
	misses  = regexp.MustCompile(`^// limit (L\d+) misses (.*)`)
	invents = regexp.MustCompile(`^/\* limit (L\d+) invents \*/$`)
)

// readWants collects the expectations in the comments of a file.
func (f *File) readWants() error {
	f.Never = map[int]bool{}
	invented := map[int]string{} // the limits, by line
	for _, group := range f.Syntax.Comments {
		for _, comment := range group.List {
			line := f.Fset.Position(comment.Pos()).Line
			if comment.Text == "// not reached" {
				f.Never[line] = true
			}
			if m := invents.FindStringSubmatch(comment.Text); m != nil {
				invented[line] = m[1]
			}
			w := Want{File: f.Name, Line: line}
			text, ok := strings.CutPrefix(comment.Text, "// want ")
			if m := misses.FindStringSubmatch(comment.Text); m != nil {
				w.Limit, w.Gap, text, ok = m[1], Misses, m[2], true
			} else if limit := invented[line]; limit != "" {
				w.Limit, w.Gap = limit, Invents
			}
			if !ok {
				continue
			}
			patterns, err := patterns(text)
			if err != nil {
				return fmt.Errorf("%s:%d: %w", f.Name, line, err)
			}
			for _, w.Pattern = range patterns {
				f.Wants = append(f.Wants, w)
			}
		}
	}
	return nil
}

// patterns reads the regular expressions of a want, as analysistest does.
func patterns(text string) ([]*regexp.Regexp, error) {
	var sc scanner.Scanner
	sc.Init(strings.NewReader(text))
	sc.Mode = scanner.ScanStrings | scanner.ScanRawStrings
	var all []*regexp.Regexp
	for {
		switch tok := sc.Scan(); tok {
		case scanner.String, scanner.RawString:
			pattern, err := strconv.Unquote(sc.TokenText())
			if err != nil {
				return nil, err
			}
			re, err := regexp.Compile(pattern)
			if err != nil {
				return nil, err
			}
			all = append(all, re)
		case scanner.EOF:
			return all, nil
		default:
			if len(all) > 0 {
				return all, nil // words after the patterns
			}
			return nil, fmt.Errorf("a want needs a quoted pattern, not %s", sc.TokenText())
		}
	}
}

// Wants returns the diagnostics that the analyser is expected to report.
func (c *Corpus) Wants() []Want {
	var all []Want
	for _, p := range c.Packages {
		for _, f := range p.Files {
			for _, w := range f.Wants {
				if w.Gap != Misses {
					all = append(all, w)
				}
			}
		}
	}
	return all
}
