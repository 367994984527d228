package txgen

import (
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/txcheck/txcheck/internal/corpus"
	"github.com/txcheck/txcheck/internal/govet"
)

// A Lab is a module of its own in a temporary folder, with the instrumented driver
// and the analyser's executable.
type Lab struct {
	dir   string // of the module
	tool  string
	types *typeChecker
	runs  int
	// Ran and Vetted are the time that executing and analysing took.
	Ran, Vetted time.Duration
	// PerPackage is how many units share a package.
	PerPackage int
}

// NewLab sets up a lab below dir. It builds the analyser from the module that the
// current folder is in.
func NewLab(dir string) (*Lab, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	root := strings.TrimSpace(string(out))
	l := &Lab{dir: filepath.Join(dir, "module"), tool: filepath.Join(dir, "txcheck"), PerPackage: 250}
	if err := l.Rebuild(root); err != nil {
		return nil, err
	}
	probe := filepath.Join(l.dir, "txprobe")
	if err := os.CopyFS(probe, os.DirFS(filepath.Join(root, "testdata", "src", "txprobe"))); err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(probe, "go.mod")); err != nil {
		return nil, err // here it is a package of the lab's module
	}
	mod := []byte("module " + module + "\n\ngo 1.26\n")
	if err := os.WriteFile(filepath.Join(l.dir, "go.mod"), mod, 0o666); err != nil {
		return nil, err
	}
	l.types, err = newTypeChecker(l.dir)
	return l, err
}

// Rebuild builds the analyser from the module at root.
func (l *Lab) Rebuild(root string) error {
	return run(root, "go", "build", "-p", "2", "-o", l.tool, "./cmd/txcheck")
}

func run(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, args[0], err, out)
	}
	return nil
}

// Judge executes and analyses the units, and returns a verdict for each.
func (l *Lab) Judge(ctx context.Context, units []Unit) ([]Verdict, error) {
	l.runs++
	b := &batch{c: &corpus.Corpus{Dir: l.dir, Paths: 200}, files: map[string]origin{}}
	for from := 0; from < len(units); from += l.PerPackage {
		b.add(l, fmt.Sprintf("g%dp%d", l.runs, len(b.dirs)), units[from:min(from+l.PerPackage, len(units))])
	}
	defer func() {
		for _, d := range b.dirs {
			_ = os.RemoveAll(filepath.Join(l.dir, d))
		}
	}()
	if err := b.write(l.dir); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(l.dir), "run")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	start := time.Now()
	results, _, err := b.c.Run(ctx, tmp, "")
	if err != nil {
		return nil, err
	}
	l.Ran += time.Since(start)
	if err := b.executed(l.dir, results); err != nil {
		return nil, err
	}
	start = time.Now()
	found, err := l.vet(ctx, b.dirs)
	if err != nil {
		return nil, err
	}
	l.Vetted += time.Since(start)
	return b.compare(found), nil
}

func (l *Lab) vet(ctx context.Context, dirs []string) (*govet.Result, error) {
	vet := govet.Run{Tool: l.tool, Dir: l.dir, Flags: []string{"-p=2"}}
	for _, d := range dirs {
		vet.Packages = append(vet.Packages, "./"+d+"/...")
	}
	found, err := vet.Check(ctx)
	if err == nil && len(found.Trouble) > 0 {
		err = fmt.Errorf("go vet: %s", strings.Join(found.Trouble, "\n"))
	}
	return found, err
}

// A batch is what one run executes and analyses.
type batch struct {
	c        *corpus.Corpus
	dirs     []string
	verdicts []Verdict
	files    map[string]origin
	err      error
}

// An origin tells whose text a file is.
type origin struct {
	verdict int // -1: a prelude's
	text    []byte
}

// uses are the calls whose outcome is a question only while the transaction is open.
var uses = regexp.MustCompile(`\b([A-Za-z_][\w.]*)\.(Commit|Exec|QueryRow)\(`)

// add puts the units that compile into a package.
func (b *batch) add(l *Lab, pkg string, units []Unit) {
	b.dirs = append(b.dirs, pkg)
	first := len(b.verdicts)
	for _, u := range units {
		b.verdicts = append(b.verdicts, Verdict{Unit: u})
	}
	files, broken, err := l.types.filter(pkg, units)
	if err != nil {
		b.err = err
		return
	}
	for i, why := range broken {
		b.verdicts[first+i].Rejected = "does not compile: " + why
	}
	packages := map[string]*corpus.Package{}
	for _, s := range files {
		dir := s.name[:strings.LastIndexByte(s.name, '/')]
		p := packages[dir]
		if p == nil {
			p = &corpus.Package{Path: module + "/" + dir}
			packages[dir] = p
			b.c.Packages = append(b.c.Packages, p)
		}
		src := uses.ReplaceAll(s.text, []byte("txmarks.Live($1).$2("))
		f := &corpus.File{Name: s.name, Src: src, Fset: token.NewFileSet()}
		if f.Syntax, b.err = parser.ParseFile(f.Fset, s.name, src, parser.ParseComments|parser.SkipObjectResolution); b.err != nil {
			return
		}
		p.Files = append(p.Files, f)
		at := origin{verdict: -1, text: s.text}
		if s.unit >= 0 {
			at.verdict = first + s.unit
			b.verdicts[at.verdict].note(s)
		}
		b.files[s.name] = at
	}
}

// write puts the files where the go command finds them.
func (b *batch) write(dir string) error {
	if b.err != nil {
		return b.err
	}
	for name, at := range b.files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, at.text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
