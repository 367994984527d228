package project

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/protocol"
)

// The table of libraries is made from the data that the analysis uses.
func TestLibraryTable(t *testing.T) {
	page := filepath.Join(root, "docs", "libraries.md")
	want := libraryTable(t)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != want {
		t.Errorf("docs/libraries.md is stale (%v): run go test ./internal/project -update", err)
	}
}

// The README leaves out no library.
func TestLibrariesInReadme(t *testing.T) {
	readme := read(t, "README.md")
	for _, l := range libraries() {
		name, version, _ := strings.Cut(l.Name, " v")
		if _, text, ok := strings.Cut(readme, "## What it understands"); !ok || !strings.Contains(text, name) || !strings.Contains(text, version) {
			t.Errorf("the README does not name %s", l.Name)
		}
	}
}

// libraries are those with transactions, by name.
func libraries() []*protocol.Library {
	libs := slices.DeleteFunc(protocol.Builtin().Libraries(), func(l *protocol.Library) bool {
		return len(l.Opens)+len(l.Finishes)+len(l.Manages) == 0 // tells only how functions end, or what they return
	})
	slices.SortFunc(libs, func(a, b *protocol.Library) int { return strings.Compare(a.Name, b.Name) })
	return libs
}

// libraryTable renders the page.
func libraryTable(t *testing.T) string {
	used := proofs(t)
	var b strings.Builder
	b.WriteString("# Libraries\n\n" +
		"<!-- Made from internal/protocol/lib by `go test ./internal/project -update`. -->\n\n" +
		"What txcheck knows of each library is in `internal/protocol/lib`, with the source of each fact. A test looks\n" +
		"every name up in the real library, at the version that the facts were read from.\n\n" +
		"Proof: *executed* means that functions which use the library, at the versions given, were run over all outcomes\n" +
		"of what can fail, and that what leaked is what is reported; *type-checked*, that they were analysed alone;\n" +
		"*names*, that the names were looked up and no more.\n\n" +
		"| library | import paths | facts read from | begins | ends | runs a callback | proof |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, l := range libraries() {
		ends := code(l.Finishes)
		if l.CallEnds {
			ends = strings.TrimPrefix(ends+", a call of what began it returned", ", ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s %s | %s | %s | %s | %s |\n", l.Name, code(l.Imports), l.Module, l.Version,
			code(l.Opens), ends, code(l.Manages), used.of(l))
	}
	return b.String()
}

func code(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = "`" + s + "`"
	}
	return strings.Join(out, ", ")
}

// A proof is a folder of cases.
type proof struct {
	imports map[string]bool
	runs    bool // has func New: it is executed
	require map[string]string
}

type proofList []proof

var requirement = regexp.MustCompile(`(?m)^(?:require)?\s+(\S+) (v\S+)`)

// proofs reads which packages the cases import, in which versions.
func proofs(t *testing.T) (list proofList) {
	mods, err := filepath.Glob(filepath.Join(root, "testdata", "*", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, mod := range mods {
		text, err := os.ReadFile(mod)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "module txcases") {
			continue
		}
		require := map[string]string{}
		for _, m := range requirement.FindAllStringSubmatch(string(text), -1) {
			require[m[1]] = m[2]
		}
		dirs, err := filepath.Glob(filepath.Join(filepath.Dir(mod), "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			list = append(list, readProof(t, dir, require))
		}
	}
	return list
}

func readProof(t *testing.T, dir string, require map[string]string) proof {
	p := proof{imports: map[string]bool{}, require: require}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			p.imports[strings.Trim(spec.Path.Value, `"`)] = true
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			p.runs = p.runs || ok && fn.Recv == nil && fn.Name.Name == "New"
		}
	}
	return p
}

// of tells how the facts of a library are proven.
func (list proofList) of(l *protocol.Library) string {
	executed, checked := map[string]bool{}, map[string]bool{}
	for _, p := range list {
		for _, path := range l.Imports {
			if !p.imports[path] {
				continue
			}
			version, longest := l.Version, ""
			for mod, v := range p.require {
				if len(mod) > len(longest) && (path == mod || strings.HasPrefix(path, mod+"/")) {
					version, longest = mod+" "+v, mod
				}
			}
			if p.runs {
				executed[version] = true
			} else {
				checked[version] = true
			}
		}
	}
	switch {
	case len(executed) > 0:
		return "executed: " + strings.Join(slices.Sorted(maps.Keys(executed)), ", ")
	case len(checked) > 0:
		return "type-checked: " + strings.Join(slices.Sorted(maps.Keys(checked)), ", ")
	}
	return "names"
}
