package protocol

import (
	"go/types"
	"slices"
	"strings"
	"sync"
)

// A Set answers which role a function plays. It is safe for concurrent use, and
// it keeps nothing of the programs that it is asked about.
type Set struct {
	sources []*source
	user    []*File
	byPath  map[string][]int // import path to sources
	shaped  []int            // sources that recognise packages by shape
	tables  sync.Map         // import path to *table
}

// Builtin is the Set of the libraries that this package knows itself.
var Builtin = sync.OnceValue(func() *Set {
	s, err := New()
	if err != nil {
		panic(err)
	}
	return s
})

// New is Builtin with the user's libraries added. Where both describe one
// function, the user's word stands. Two user files that describe one function
// are an error.
func New(user ...*File) (*Set, error) {
	s := &Set{sources: sources(), user: user, byPath: map[string][]int{}}
	taken := map[string]string{}
	for _, f := range user {
		if err := f.claim(taken); err != nil {
			return nil, Locate(f.Library.File, err)
		}
	}
	for i, src := range s.sources {
		for _, h := range src.heads {
			s.byPath[h.path.text] = append(s.byPath[h.path.text], i)
		}
		if src.shapes != nil {
			s.shaped = append(s.shaped, i)
		}
	}
	return s, nil
}

// Libraries are all that the Set knows, the user's first. It parses every file.
func (s *Set) Libraries() (libs []*Library) {
	for _, f := range s.user {
		libs = append(libs, f.Library)
	}
	for _, src := range s.sources {
		libs = append(libs, src.parse().Library)
	}
	return libs
}

// Relevant reports whether some library opens or finishes transactions through
// functions of the package with this import path. Packages that are recognised
// by their shape have no path that could be asked for: see RelevantPackage.
func (s *Set) Relevant(path string) bool {
	path = cleanPath(path)
	for _, i := range s.byPath[path] {
		if s.sources[i].opens {
			return true
		}
	}
	for _, f := range s.user {
		if f.opens() && slices.Contains(f.Library.Imports, path) {
			return true
		}
	}
	return false
}

// Describes reports whether the package with this import path is part of a library
// that has transactions: of the module that its facts were read from.
func (s *Set) Describes(path string) bool {
	path = cleanPath(path)
	return s.Relevant(path) || slices.ContainsFunc(s.sources, func(src *source) bool {
		return src.opens && strings.HasPrefix(path, src.module+"/")
	})
}

// RelevantPackage is Relevant for a package at hand, whose shape can be seen.
func (s *Set) RelevantPackage(pkg *types.Package) bool {
	if s.Relevant(pkg.Path()) {
		return true
	}
	t := s.table(pkg)
	return t != nil && slices.ContainsFunc(t.parts, func(p part) bool { return p.file.opens() })
}

func (f *File) opens() bool {
	for _, r := range f.roles {
		if r.Open != nil || r.Finish != nil {
			return true
		}
	}
	return false
}

// Role tells what is known of a function: the static callee of a call, or the
// interface method that it invokes. It is nil for a function that no file names,
// and for one that is named but has another signature than its facts need.
func (s *Set) Role(fn *types.Func) *Role {
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	t := s.table(fn.Pkg())
	if t == nil {
		return nil
	}
	return t.role(fn.Origin())
}

// Handle is the library whose transactions the values of type t denote, if any.
// A pointer stands for its element, an instance for its generic type.
func (s *Set) Handle(t types.Type) *Library {
	return s.listed(t, func(f *File) map[symbol]bool { return f.handles })
}

func (s *Set) listed(t types.Type, set func(*File) map[symbol]bool) *Library {
	named := named(t)
	if named == nil || named.Obj().Pkg() == nil {
		return nil
	}
	tab := s.table(named.Obj().Pkg())
	if tab == nil {
		return nil
	}
	for _, p := range tab.parts {
		if set(p.file)[symbol{pkg: p.qual, name: named.Obj().Name()}] {
			return p.file.Library
		}
	}
	return nil
}

// RecoveredValue reports whether a framework recovers, by design, a panic whose
// value is the package-level variable v (http.ErrAbortHandler): such a panic is
// an exit like a return.
func (s *Set) RecoveredValue(v types.Object) bool {
	if v == nil || v.Pkg() == nil {
		return false
	}
	t := s.table(v.Pkg())
	return t != nil && slices.ContainsFunc(t.parts, func(p part) bool {
		return p.file.vars[symbol{pkg: p.qual, name: v.Name()}]
	})
}

// named is the generic origin of the named type that t or *t is.
func named(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Origin()
	}
	return nil
}

// A table is what all files together say about one package.
type table struct {
	parts []part
	roles sync.Map // symbol without package to *Role, nil ones included
}

// A part is a file and the qualifier that it uses for the package.
type part struct {
	file *File
	qual string
}

// table finds or makes the table of a package; nil if no file is about it.
func (s *Set) table(pkg *types.Package) *table {
	if t, ok := s.tables.Load(pkg.Path()); ok {
		return t.(*table)
	}
	path := cleanPath(pkg.Path())
	var parts []part
	for _, f := range s.user {
		parts = f.parts(parts, path, pkg)
	}
	for _, i := range s.byPath[path] {
		parts = s.sources[i].parse().parts(parts, path, pkg)
	}
	for _, i := range s.shaped {
		if slices.Contains(s.byPath[path], i) || !anyFits(s.sources[i].shapes, pkg) {
			continue
		}
		parts = s.sources[i].parse().parts(parts, path, pkg)
	}
	var t *table
	if parts != nil {
		t = &table{parts: parts}
	}
	// The first one stands, so that a function has one *Role.
	got, _ := s.tables.LoadOrStore(pkg.Path(), t)
	return got.(*table)
}

// parts appends the qualifiers that the file has for a package.
func (f *File) parts(list []part, path string, pkg *types.Package) []part {
	have := len(list)
	for qual, paths := range f.paths {
		if slices.Contains(paths, path) {
			list = append(list, part{f, qual})
		}
	}
	if len(list) > have {
		return list
	}
	for _, sh := range f.shapes {
		if sh.fits(pkg) {
			list = append(list, part{f, sh.Package})
		}
	}
	return list
}

func anyFits(shapes []shape, pkg *types.Package) bool {
	return slices.ContainsFunc(shapes, func(sh shape) bool { return sh.fits(pkg) })
}

// fits reports whether a package looks as the shape demands.
func (sh shape) fits(pkg *types.Package) bool {
	if sh.Named != "" && pkg.Name() != sh.Named {
		return false
	}
	for _, name := range sh.Types {
		if _, ok := pkg.Scope().Lookup(name).(*types.TypeName); !ok {
			return false
		}
	}
	return sh.Imports == "" || slices.ContainsFunc(pkg.Imports(), func(imp *types.Package) bool {
		path := cleanPath(imp.Path())
		return path == sh.Imports || strings.HasPrefix(path, sh.Imports+"/")
	})
}

// role finds the Role of a function of the table's package.
func (t *table) role(fn *types.Func) *Role {
	key := symbol{name: fn.Name()}
	if recv := fn.Signature().Recv(); recv != nil {
		n := named(recv.Type())
		if n == nil {
			return nil // a method of an interface without a name
		}
		key.recv = n.Obj().Name()
	}
	if r, ok := t.roles.Load(key); ok {
		return r.(*Role)
	}
	r, _ := t.roles.LoadOrStore(key, t.resolve(key, fn))
	return r.(*Role)
}

func (t *table) resolve(key symbol, fn *types.Func) *Role {
	for _, p := range t.parts {
		key.pkg = p.qual
		template := p.file.roles[key]
		chain := p.file.chains[symbol{pkg: p.qual, name: key.recv}]
		chained := chain != nil && returnsReceiver(fn)
		switch {
		case template != nil:
			r := template.instance(fn)
			if chained && r != nil && r.Plain && r.Alias == nil {
				r.Alias = chain.of(fn)
			}
			return r
		case chained:
			return &Role{Runs: -1, Keeps: -1, Alias: chain.of(fn)}
		}
	}
	return nil
}

// returnsReceiver reports whether the first result has the receiver's type.
func returnsReceiver(fn *types.Func) bool {
	sig := fn.Signature()
	return sig.Results().Len() > 0 && sig.Recv() != nil &&
		types.Identical(sig.Results().At(0).Type(), sig.Recv().Type())
}

// of is the alias that a method of the chain's type makes.
func (a *Alias) of(fn *types.Func) *Alias {
	c := checker{sig: fn.Signature()}
	own := *a
	own.Func, own.Ctx = fn.FullName(), c.context(own.Ctx)
	return &own
}
