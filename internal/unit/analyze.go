package unit

import (
	"fmt"
	"go/token"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// A result is what one rule has found.
type result struct {
	rule        *analysis.Analyzer
	diagnostics []analysis.Diagnostic
	err         error
}

// analyze loads the unit, runs the rules and writes the answer.
func (u *unit) analyze(v *view) ([]result, error) {
	u.fset = token.NewFileSet()
	l, err := u.load(v)
	switch {
	case err != nil:
		return nil, err
	case l == nil:
		return nil, u.write(u.nothing(v))
	}
	r := &runner{unit: u, loaded: l, facts: newFacts(l.pkg, v), done: make(map[*analysis.Analyzer]*action)}
	var results []result
	for _, a := range u.wanted() {
		act := r.action(a)
		results = append(results, result{a, act.diagnostics, act.err})
	}
	for _, act := range r.done {
		if flow, ok := act.value.(*txflow.Result); ok {
			v.answer.carriers = flow.Carriers()
		}
	}
	v.answer.facts = append(v.answer.facts, r.facts.entries()...)
	return results, u.write(v.answer)
}

// wanted returns what has to be executed: where only facts count, not the rules but
// the analyzers behind them that make facts.
func (u *unit) wanted() (list []*analysis.Analyzer) {
	if !u.cfg.VetxOnly {
		return u.rules
	}
	seen := make(map[*analysis.Analyzer]bool)
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		switch {
		case seen[a]:
		case len(a.FactTypes) > 0:
			list = append(list, a)
		default:
			for _, required := range a.Requires {
				visit(required)
			}
		}
		seen[a] = true
	}
	for _, a := range u.rules {
		visit(a)
	}
	return list
}

// A runner executes analyzers on one unit.
type runner struct {
	unit   *unit
	loaded *loaded
	facts  *facts
	done   map[*analysis.Analyzer]*action
}

// An action is one analyzer, executed.
type action struct {
	value       any
	diagnostics []analysis.Diagnostic
	err         error
}

// action executes an analyzer, after those that it requires.
func (r *runner) action(a *analysis.Analyzer) *action {
	if act := r.done[a]; act != nil {
		return act
	}
	act := new(action)
	r.done[a] = act
	inputs := make(map[*analysis.Analyzer]any)
	var failed []string
	for _, required := range a.Requires {
		in := r.action(required)
		if in.err != nil {
			failed = append(failed, required.Name)
		}
		inputs[required] = in.value
	}
	if failed != nil {
		act.err = fmt.Errorf("failed prerequisites: %s", strings.Join(failed, ", "))
		return act
	}
	act.value, act.err = a.Run(r.pass(a, act, inputs))
	return act
}

// pass is the view that an analyzer has of the unit.
func (r *runner) pass(a *analysis.Analyzer, act *action, inputs map[*analysis.Analyzer]any) *analysis.Pass {
	cfg := r.unit.cfg
	pass := &analysis.Pass{
		Analyzer: a, Fset: r.unit.fset, Files: r.loaded.files,
		OtherFiles: cfg.NonGoFiles, IgnoredFiles: cfg.IgnoredFiles,
		Pkg: r.loaded.pkg, TypesInfo: r.loaded.info, TypesSizes: r.loaded.sizes,
		ResultOf:          inputs,
		Report:            func(d analysis.Diagnostic) { act.diagnostics = append(act.diagnostics, d) },
		ReadFile:          r.readFile,
		ImportObjectFact:  r.facts.importObject,
		ExportObjectFact:  r.facts.exportObject,
		ImportPackageFact: r.facts.importPackage,
		ExportPackageFact: r.facts.exportPackage,
		// No rule asks for all facts: importing them by name is what makes it
		// cheap not to decode the others.
		AllObjectFacts:  func() []analysis.ObjectFact { panic("not supported") },
		AllPackageFacts: func() []analysis.PackageFact { panic("not supported") },
		// There is one even where its path is not known, as with unitchecker.
		Module: &analysis.Module{Path: cfg.ModulePath, Version: cfg.ModuleVersion, GoVersion: cfg.GoVersion},
	}
	return pass
}

// readFile reads a file of the unit, and no other: the result is cached by what
// the go command knows of.
func (r *runner) readFile(name string) ([]byte, error) {
	cfg := r.unit.cfg
	for _, list := range [][]string{cfg.GoFiles, cfg.NonGoFiles, cfg.IgnoredFiles} {
		if slices.Contains(list, name) {
			return os.ReadFile(name)
		}
	}
	return nil, fmt.Errorf("%s is not a file of package %s", name, cfg.ImportPath)
}
