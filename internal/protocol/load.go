package protocol

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

var sprintf = fmt.Sprintf

// A File is one description of a library, read and checked.
type File struct {
	Library *Library
	paths   map[string][]string // qualifier to import paths
	shapes  []shape
	roles   map[symbol]*Role
	order   []symbol        // of roles, as written
	handles map[symbol]bool // recv empty, name the type
	// chains are types whose methods that return the type are an Alias.
	chains  map[symbol]*Alias
	vars    map[symbol]bool // values whose panic a framework recovers
	written map[symbol]word // the function, type or variable as written
}

// An Error is a fault in a description. Its text has the place, the message
// and, on the lines below, the source with a caret under the fault.
type Error struct {
	File         string
	Line, Column int
	Message      string
	Excerpt      string
}

// Error gives file:line:column, the message and the excerpt.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Excerpt != "" {
		s += "\n" + e.Excerpt
	}
	return s
}

// Load reads descriptions, one per YAML document. The name is for messages
// alone. An error is an *Error unless the text cannot be read at all.
func Load(name string, text []byte) (files []*File, err error) {
	defer Contain(name, &err)
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, Locate(name, err)
	}
	var bodies []ast.Node
	for _, doc := range parsed.Docs {
		if !Empty(doc) {
			bodies = append(bodies, doc.Body)
		}
	}
	return LoadNodes(name, bodies)
}

// LoadNodes is Load for descriptions that are part of a larger text, in which the
// places of errors are.
func LoadNodes(name string, nodes []ast.Node) (files []*File, err error) {
	defer Contain(name, &err)
	first := map[string]string{}
	for _, node := range nodes {
		var d document
		if err := yaml.NodeToValue(node, &d, yaml.Strict()); err != nil && !errors.Is(err, io.EOF) {
			return nil, Locate(name, err)
		}
		f, err := build(&d, name, node.GetToken())
		if err != nil {
			return nil, Locate(name, err)
		}
		if err := f.claim(first); err != nil {
			return nil, Locate(name, err)
		}
		files = append(files, f)
	}
	return files, nil
}

// Contain, deferred, makes an error of a panic: the YAML library is not ours, and
// what it cannot bear must not bring the whole analysis down.
func Contain(name string, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: not YAML: %v", name, r)
	}
}

// claim enters the functions of a file into a table of who describes what.
func (f *File) claim(taken map[string]string) error {
	for _, sym := range f.order {
		for _, path := range f.paths[sym.pkg] {
			full := sym
			full.pkg = path
			if lib, dup := taken[full.String()]; dup {
				w := f.written[sym]
				return ErrorAt(w.tok, "%s is described twice: library %q has it already", w.text, lib)
			}
			taken[full.String()] = f.Library.Name
		}
	}
	return nil
}

// Empty reports whether a document has nothing but comments.
func Empty(doc *ast.DocumentNode) bool {
	if doc.Body == nil {
		return true
	}
	switch doc.Body.Type() {
	case ast.NullType, ast.CommentType, ast.CommentGroupType:
		return true
	}
	return false
}

// Locate turns an error of the YAML library into ours.
func Locate(name string, err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	tok := at.GetToken()
	_, excerpt, _ := strings.Cut(at.FormatError(false, true), "\n")
	return &Error{name, tok.Position.Line, tok.Position.Column, at.GetMessage(), excerpt}
}

// A builder turns one document into a File. Its first fault stops it.
type builder struct {
	*File
	d   *document
	err error
}

func build(d *document, name string, at *token.Token) (*File, error) {
	b := &builder{d: d, File: &File{
		Library: &Library{
			Name: d.Library, Module: d.Module, Version: d.Version, Source: d.Source, File: name,
		},
		paths:   map[string][]string{},
		roles:   map[symbol]*Role{},
		handles: map[symbol]bool{},
		chains:  map[symbol]*Alias{},
		vars:    map[symbol]bool{},
		written: map[symbol]word{},
	}}
	if d.Library == "" {
		return nil, ErrorAt(at, "the library has no name: want a line such as \"library: our store\"")
	}
	b.packages(at)
	b.types()
	b.transactions()
	b.values()
	return b.File, b.err
}

// fail keeps the first fault.
func (b *builder) fail(w word, format string, args ...any) {
	if b.err == nil {
		b.err = ErrorAt(w.tok, format, args...)
	}
}

func (b *builder) packages(at *token.Token) {
	for _, p := range b.d.Imports {
		path := p.path.text
		if path == "" || strings.ContainsAny(path, " *()\\") || !identifier(p.qual) {
			b.fail(p.path, "malformed import path %q; a package that is not named as its path says is listed as \"- name: path\"", path)
		}
		if slices.Contains(b.Library.Imports, path) {
			b.fail(p.path, "import path %q is listed twice", path)
		}
		b.Library.Imports = append(b.Library.Imports, path)
		b.paths[p.qual] = append(b.paths[p.qual], path)
	}
	for _, s := range b.d.Shapes {
		if s.Package == "" || s.Named == "" && s.Imports == "" || len(s.Types) == 0 {
			b.fail(word{tok: at}, "a shape wants the keys package and types, and named or imports")
		}
		b.shapes = append(b.shapes, s)
	}
	if len(b.d.Imports) == 0 && len(b.d.Shapes) == 0 {
		b.fail(word{tok: at}, "library %q lists no import path: want \"imports: [example.com/our/store]\"", b.d.Library)
	}
}

// known finds the qualifier that a function or type was written with.
func (b *builder) known(w word, pkg string) string {
	if _, ok := b.paths[pkg]; ok {
		return pkg
	}
	for _, s := range b.shapes {
		if s.Package == pkg {
			return pkg
		}
	}
	for qual, paths := range b.paths {
		if len(paths) == 1 && paths[0] == pkg {
			return qual
		}
	}
	b.fail(w, "package %q is not among the imports of library %q", pkg, b.d.Library)
	return pkg
}

func (b *builder) types() {
	b.Library.Handles = b.typeSet(b.d.Handles, b.handles)
}

// typeSet adds types to a set and gives their full names, one per import path.
func (b *builder) typeSet(list wordList, set map[symbol]bool) (full []string) {
	for _, w := range list {
		pkg, name, err := parseType(w.text)
		if err != nil {
			b.fail(w, "%v", err)
			continue
		}
		sym := symbol{pkg: b.known(w, pkg), name: name}
		if set[sym] {
			b.fail(w, "type %s is listed twice", w.text)
		}
		set[sym], b.written[sym] = true, w
		star := w.text[:len(w.text)-len(pkg)-len(name)-1]
		for _, path := range b.paths[sym.pkg] {
			full = append(full, star+path+"."+name)
		}
		if len(b.paths[sym.pkg]) == 0 {
			full = append(full, star+sym.pkg+"."+name)
		}
	}
	return full
}

// role is the Role of a function as written; several sections may add to one.
func (b *builder) role(w word) (symbol, *Role) {
	sym, err := parseFunc(w.text)
	if err != nil {
		b.fail(w, "%v", err)
		return sym, &Role{}
	}
	sym.pkg = b.known(w, sym.pkg)
	r := b.roles[sym]
	if r == nil {
		r = &Role{Runs: -1, Keeps: -1}
		b.roles[sym] = r
		b.written[sym] = w
		b.order = append(b.order, sym)
	}
	return sym, r
}

// once refuses the same fact about a function twice.
func (b *builder) once(w word, has bool, fact string) {
	if has {
		b.fail(w, "%s has a second %s entry", w.text, fact)
	}
}

func (b *builder) place(w word, kinds ...PlaceKind) Place {
	p, err := parsePlace(w.text)
	if err != nil {
		b.fail(w, "%v", err)
	} else if !slices.Contains(kinds, p.Kind) {
		b.fail(w, "%q cannot stand here", w.text)
	}
	return p
}

func (b *builder) argIndex(w word) int {
	p := b.place(w, Arg, Nowhere)
	if len(p.Path) > 0 {
		b.fail(w, "a field cannot stand here")
	}
	if p.Kind == Nowhere {
		return -1
	}
	return p.Index
}

func (b *builder) oneOf(w word, allowed ...string) string {
	if !slices.Contains(allowed, w.text) {
		b.fail(w, "%q is unknown here: want %s", w.text, strings.Join(allowed, ", "))
	}
	return w.text
}

func (b *builder) conditions(list wordList) (when []ArgIs) {
	for _, w := range list {
		c, err := parseArgIs(w.text)
		if err != nil {
			b.fail(w, "%v", err)
		}
		when = append(when, c)
	}
	return when
}
