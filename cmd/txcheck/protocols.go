package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/packages"

	"github.com/txcheck/txcheck/internal/config"
	"github.com/txcheck/txcheck/internal/protocol"
)

// protocols answers `txcheck protocols [list]` and `txcheck protocols check FILE`.
// It returns the exit code.
func protocols(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		args = []string{"list"}
	}
	var err error
	switch args[0] {
	case "list":
		err = listProtocols(args[1:], stdout)
	case "check":
		var faults []error
		if faults, err = checkProtocols(ctx, args[1:], stdout); len(faults) > 0 {
			err = errors.Join(faults...)
			fmt.Fprintln(stderr, err)
			return exitTrouble
		}
	default:
		err = fmt.Errorf("protocols takes list or check FILE, not %q", args[0])
	}
	if err != nil {
		return fail(stderr, err)
	}
	return exitClean
}

// listProtocols prints the libraries that are known here, those of the configuration
// first.
func listProtocols(args []string, stdout io.Writer) error {
	if len(args) > 0 {
		return errors.New("protocols list takes no arguments")
	}
	conf, err := config.Load(".")
	if err != nil {
		return err
	}
	set, err := protocol.New(conf.Libraries()...)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "library\tversion\topens\tfinishes")
	for _, d := range set.Libraries() {
		if len(d.Opens)+len(d.Finishes) == 0 {
			continue // tells only how functions end, or what they return
		}
		version := strings.TrimSpace(d.Version)
		if version == "" {
			version = "-"
		}
		for i := range max(1, len(d.Opens), len(d.Finishes)) {
			name := d.Name
			if i > 0 {
				name, version = "", ""
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", name, version, at(d.Opens, i), at(d.Finishes, i))
		}
	}
	return w.Flush()
}

// at returns an element of a list, or nothing behind its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// checkProtocols reads a file and looks up what it names. Each fault is a name that
// was not found.
func checkProtocols(ctx context.Context, args []string, stdout io.Writer) (faults []error, err error) {
	var dir, tags string
	flags := flag.NewFlagSet("protocols check", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&dir, "C", "", "")
	flags.StringVar(&tags, "tags", "", "")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() != 1 {
		return nil, errors.New("protocols check takes one file: `txcheck protocols check .txcheck.yml`")
	}
	name := flags.Arg(0)
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	files, err := readProtocols(name)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s describes no library", name)
	}
	load, err := loader(ctx, dir, tags, files)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		unresolved := f.Unresolved(load)
		if len(unresolved) == 0 {
			fmt.Fprintf(stdout, "%s: every name was found\n", f.Library.Name)
		}
		faults = append(faults, unresolved...)
	}
	return faults, nil
}

// readProtocols reads a configuration, or a file that has nothing but libraries.
func readProtocols(name string) ([]*protocol.File, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, cause(err))
	}
	if filepath.Base(name) == config.Name {
		conf, err := config.Parse(name, filepath.Dir(name), text)
		return conf.Libraries(), err
	}
	files, err := protocol.Load(name, text)
	if err == nil {
		_, err = protocol.New(files...)
	}
	return files, err
}

// loader loads the packages that the files are about as the module sees them, and
// returns a function that finds one by its path.
func loader(ctx context.Context, dir, tags string, files []*protocol.File) (func(path string) *types.Package, error) {
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Library.Imports...)
	}
	loaded := make(map[string]*types.Package)
	find := func(path string) *types.Package { return loaded[path] }
	if len(paths) == 0 {
		return find, nil
	}
	conf := &packages.Config{
		Context: ctx, Dir: dir,
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
	}
	if tags != "" {
		conf.BuildFlags = []string{"-tags=" + tags}
	}
	list, err := packages.Load(conf, paths...)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.Types != nil && p.Types.Complete() {
			loaded[p.PkgPath] = p.Types
		}
	}
	return find, nil
}
