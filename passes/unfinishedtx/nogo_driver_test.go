package unfinishedtx_test

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/types/objectpath"
)

// A listed is what go list tells of one package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Deps           []string
	Module                  *struct{ Path string }
}

// list returns the packages of the module in dir and all that they import, dependencies first.
func list(t *testing.T, dir string) (all []*listed) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Deps,Module", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		p := new(listed)
		if err := d.Decode(p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// A driver stands for nogo. Packages share nothing but the facts of those modules
// that it analyses, in encoded form, and passes have no module, no ReadFile and no
// file versions.
type driver struct {
	t            *testing.T
	packages     map[string]*listed
	facts        map[string][]byte // by package
	found        []finding
	sizes        []int // of the facts of functions
	packageSizes []int // of those of packages
}

// A finding is a diagnostic, and where it is.
type finding struct {
	file    string
	line    int
	message string
}

// A gobFact is a fact on its way between packages.
type gobFact struct {
	PkgPath string
	Object  objectpath.Path
	Fact    analysis.Fact
}

// drive analyses the packages of some modules.
func drive(t *testing.T, all []*listed, a *analysis.Analyzer, modules ...string) *driver {
	d := &driver{t: t, packages: make(map[string]*listed), facts: make(map[string][]byte)}
	for _, p := range all {
		d.packages[p.ImportPath] = p
		if p.Module != nil && slices.Contains(modules, p.Module.Path) {
			d.analyze(p, a)
		}
	}
	return d
}

func (d *driver) analyze(p *listed, a *analysis.Analyzer) {
	u := &nogoUnit{driver: d, listed: p, fset: token.NewFileSet(), world: make(map[string]*types.Package)}
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(u.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			d.t.Fatal(err)
		}
		u.files = append(u.files, file)
	}
	u.info = &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope),
	}
	var err error
	conf := types.Config{Importer: u, Sizes: types.SizesFor("gc", "amd64")}
	if u.pkg, err = conf.Check(p.ImportPath, u.fset, u.files, u.info); err != nil {
		d.t.Fatal(err)
	}
	u.known = u.readFacts()
	u.run(a)
	d.facts[p.ImportPath] = u.writeFacts()
}

// A nogoUnit is one package while it is analysed, in a world of types of its own.
type nogoUnit struct {
	*driver
	*listed
	fset  *token.FileSet
	world map[string]*types.Package
	files []*ast.File
	info  *types.Info
	pkg   *types.Package
	known map[factKey]analysis.Fact
	own   []gobFact
}

// A factKey names a fact: that of a package has no object.
type factKey struct {
	pkg *types.Package
	obj types.Object
	typ reflect.Type
}

// Import reads export data.
func (u *nogoUnit) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := u.world[path]; p != nil && p.Complete() {
		return p, nil
	}
	f, err := os.Open(u.packages[path].Export)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(r, u.fset, u.world, path)
}

// readFacts decodes what is known of the packages that this one depends on.
func (u *nogoUnit) readFacts() map[factKey]analysis.Fact {
	known := make(map[factKey]analysis.Fact)
	for _, path := range u.Deps {
		pkg := u.world[path]
		if pkg == nil || u.facts[path] == nil {
			continue
		}
		var all []gobFact
		if err := gob.NewDecoder(bytes.NewReader(u.facts[path])).Decode(&all); err != nil {
			u.t.Fatal(err)
		}
		for _, g := range all {
			k := factKey{pkg: pkg, typ: reflect.TypeOf(g.Fact)}
			if g.Object != "" {
				obj, err := objectpath.Object(pkg, g.Object)
				if err != nil {
					continue // not part of the export data that this package has read
				}
				k.obj = obj
			}
			known[k] = g.Fact
		}
	}
	return known
}

// writeFacts encodes what this package adds.
func (u *nogoUnit) writeFacts() []byte {
	slices.SortFunc(u.own, func(a, b gobFact) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(fmt.Sprintf("%T", a.Fact), fmt.Sprintf("%T", b.Fact)))
	})
	var text bytes.Buffer
	if err := gob.NewEncoder(&text).Encode(u.own); err != nil {
		u.t.Fatal(err)
	}
	return text.Bytes()
}

// run executes an analyzer after those that it requires.
func (u *nogoUnit) run(a *analysis.Analyzer) any {
	inputs := make(map[*analysis.Analyzer]any)
	for _, required := range a.Requires {
		inputs[required] = u.run(required)
	}
	result, err := a.Run(&analysis.Pass{
		Analyzer: a, Fset: u.fset, Files: u.files, Pkg: u.pkg, TypesInfo: u.info,
		TypesSizes: types.SizesFor("gc", "amd64"), ResultOf: inputs,
		Report: u.report,
		ImportObjectFact: func(obj types.Object, fact analysis.Fact) bool {
			return u.get(factKey{obj.Pkg(), obj, reflect.TypeOf(fact)}, fact)
		},
		ImportPackageFact: func(pkg *types.Package, fact analysis.Fact) bool {
			return u.get(factKey{pkg: pkg, typ: reflect.TypeOf(fact)}, fact)
		},
		ExportObjectFact: func(obj types.Object, fact analysis.Fact) {
			if path, err := objectpath.For(obj); err == nil {
				u.put(path, fact)
			}
		},
		ExportPackageFact: func(fact analysis.Fact) { u.put("", fact) },
	})
	if err != nil {
		u.t.Fatal(err)
	}
	return result
}

func (u *nogoUnit) report(d analysis.Diagnostic) {
	at := u.fset.Position(d.Pos)
	u.found = append(u.found, finding{at.Filename, at.Line, d.Message})
}

func (u *nogoUnit) get(k factKey, fact analysis.Fact) bool {
	found, ok := u.known[k]
	if ok {
		reflect.ValueOf(fact).Elem().Set(reflect.ValueOf(found).Elem())
	}
	return ok
}

// put takes a fact, and makes sure of it: it says something, and comes back as it
// was.
func (u *nogoUnit) put(object objectpath.Path, fact analysis.Fact) {
	u.own = append(u.own, gobFact{u.ImportPath, object, fact})
	if fmt.Sprint(fact) == "" {
		u.t.Errorf("%s.%s has a fact that says nothing", u.ImportPath, object)
	}
	text, err := fact.(gob.GobEncoder).GobEncode()
	if err != nil {
		u.t.Fatal(err)
	}
	if object == "" {
		u.packageSizes = append(u.packageSizes, len(text))
	} else {
		u.sizes = append(u.sizes, len(text))
	}
	back := reflect.New(reflect.TypeOf(fact).Elem()).Interface()
	if err := back.(gob.GobDecoder).GobDecode(text); err != nil {
		u.t.Fatal(err)
	}
	again, err := back.(gob.GobEncoder).GobEncode()
	if err != nil || !bytes.Equal(again, text) || fmt.Sprint(back) != fmt.Sprint(fact) {
		u.t.Errorf("%s.%s: the fact %v comes back as %v (%v)", u.ImportPath, object, fact, back, err)
	}
}
