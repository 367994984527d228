package txgen

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A typeChecker tells which units compile, without the go command.
type typeChecker struct {
	fset *token.FileSet
	base types.Importer
}

// newTypeChecker reads the export data of what units import.
func newTypeChecker(dir string) (*typeChecker, error) {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "./txprobe"}
	for _, path := range paths {
		args = append(args, path)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", err)
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			exports[path] = file
		}
	}
	fset := token.NewFileSet()
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	return &typeChecker{fset, importer.ForCompiler(fset, "gc", lookup)}, nil
}

// local imports one package from memory, the rest from export data.
type local struct {
	base types.Importer
	path string
	pkg  *types.Package
}

func (l local) Import(path string) (*types.Package, error) {
	if path == l.path {
		return l.pkg, nil
	}
	return l.base.Import(path)
}

// filter returns the files of a package of those units that compile, and what is
// wrong with the others, by index.
func (c *typeChecker) filter(pkg string, units []Unit) (good []source, broken map[int]string, err error) {
	files, err := sources(pkg, units)
	if err != nil {
		return nil, nil, err
	}
	broken = map[int]string{}
	for {
		before := len(broken)
		kit, err := c.check(pkg+"/kit", files, nil, broken)
		if err != nil {
			return nil, nil, err
		}
		if _, err := c.check(pkg, files, kit, broken); err != nil {
			return nil, nil, err
		}
		if len(broken) == before {
			break
		}
	}
	for _, s := range files {
		if _, bad := broken[s.unit]; !bad {
			good = append(good, s)
		}
	}
	return good, broken, nil
}

// check type-checks the files of one folder, less the broken units, and adds to
// those.
func (c *typeChecker) check(dir string, files []source, kit *types.Package, broken map[int]string) (*types.Package, error) {
	var syntax []*ast.File
	whose := map[string]int{}
	for _, s := range files {
		if _, bad := broken[s.unit]; bad || s.name[:strings.LastIndexByte(s.name, '/')] != dir {
			continue
		}
		f, err := parser.ParseFile(c.fset, s.name, s.text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		syntax = append(syntax, f)
		whose[s.name] = s.unit
	}
	var prelude error
	conf := types.Config{Importer: local{c.base, module + "/" + dir + "/kit", kit}, GoVersion: "go1.26"}
	conf.Error = func(err error) {
		var te types.Error
		if !errors.As(err, &te) {
			prelude = err
			return
		}
		unit := whose[te.Fset.Position(te.Pos).Filename]
		switch _, known := broken[unit]; {
		case unit < 0:
			prelude = err
		case !known:
			broken[unit] = err.Error()
		}
	}
	p, _ := conf.Check(module+"/"+dir, c.fset, syntax, nil)
	return p, prelude
}
