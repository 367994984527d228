package govet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// A listed is a package, or a variant of one for its tests, as go list describes it.
type listed struct {
	ImportPath string
	ForTest    string
	Error      *loadError
	DepsErrors []*loadError
}

type loadError struct {
	Pos, Err string
}

func (e *loadError) String() string {
	if e.Pos == "" {
		return e.Err
	}
	return e.Pos + ": " + e.Err
}

// whole splits packages into those that can be loaded, with their tests and all
// that they import, and the reasons why others cannot.
func whole(packages []listed) (good, reasons []string) {
	broken := make(map[string]bool)
	for _, p := range packages {
		errs := p.DepsErrors
		if p.Error != nil {
			errs = append(errs, p.Error)
		}
		for _, e := range errs {
			broken[p.tested()] = true
			if text := e.String(); !slices.Contains(reasons, text) {
				reasons = append(reasons, text)
			}
		}
	}
	for _, p := range packages {
		if name := p.tested(); !broken[name] && !slices.Contains(good, name) {
			good = append(good, name)
		}
	}
	return good, reasons
}

// tested returns the package that a variant belongs to: "p [p.test]", "p.test" and
// "p_test [p.test]" are for p.
func (p listed) tested() string {
	if p.ForTest != "" {
		return p.ForTest
	}
	return strings.TrimSuffix(p.ImportPath, ".test")
}

// parseList reads what go list -json printed.
func parseList(text []byte) (packages []listed, err error) {
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// buildFlags returns the flags that go list is to have as well.
func buildFlags(flags []string) (build []string) {
	for _, f := range flags {
		name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		if slices.Contains([]string{"tags", "mod", "modfile", "overlay", "race"}, name) {
			build = append(build, f)
		}
	}
	return build
}
