// Package gclplugin makes the rules of txcheck a plugin of golangci-lint v2.
//
// Importing it registers two linters: "txcheck" has every rule, and each rule is
// there by its own name, too. Settings are the flags of the rules, by the same
// names; see docs/golangci-lint.md for the files that a user writes.
//
// golangci-lint shows related positions as issues of their own, and its -fix
// applies alternative fixes one on top of the other, so both stay behind here.
package gclplugin

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/passes"
)

func init() {
	register.Plugin("txcheck", func(settings any) (register.LinterPlugin, error) {
		return newPlugin("", settings)
	})
	for _, a := range passes.New(passes.DefaultOptions()) {
		register.Plugin(a.Name, func(settings any) (register.LinterPlugin, error) {
			return newPlugin(a.Name, settings)
		})
	}
}

// plugin is a suite with its settings.
type plugin struct {
	options *passes.Options
	rule    string // "" has every rule
}

// newPlugin returns a suite of one rule, or of all, with the user's settings.
func newPlugin(rule string, settings any) (register.LinterPlugin, error) {
	opts := passes.DefaultOptions()
	if err := decode(settings, opts); err != nil {
		return nil, fmt.Errorf("txcheck: %w", err)
	}
	return &plugin{opts, rule}, nil
}

// GetLoadMode asks golangci-lint for types, which SSA and facts need.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// BuildAnalyzers returns the rules.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	var analyzers []*analysis.Analyzer
	for _, a := range passes.New(p.options) {
		if p.rule == "" || p.rule == a.Name {
			analyzers = append(analyzers, plain(a))
		}
	}
	return analyzers, nil
}

// plain has a report no more than golangci-lint can show: no related positions
// and at most one fix.
func plain(a *analysis.Analyzer) *analysis.Analyzer {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			d.Related = nil
			d.SuggestedFixes = d.SuggestedFixes[:min(1, len(d.SuggestedFixes))]
			pass.Report(d)
		}
		return run(&inner)
	}
	return a
}

// decode sets options from the settings in .golangci.yml. The names and types
// are those of the flags, so that there is one list of them.
func decode(settings any, opts *passes.Options) error {
	if settings == nil {
		return nil
	}
	values, err := register.DecodeSettings[map[string]any](settings)
	if err != nil {
		return err
	}
	var flags flag.FlagSet
	opts.Bind(&flags)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if flags.Lookup(name) == nil {
			return fmt.Errorf("unknown setting %q: there are %s", name, strings.Join(names(&flags), ", "))
		}
		switch value := values[name].(type) {
		case string, bool:
			if err := flags.Set(name, fmt.Sprint(value)); err != nil {
				return fmt.Errorf("setting %q: %w", name, err)
			}
		default:
			return fmt.Errorf("setting %q: want a text or a boolean, have %T", name, value)
		}
	}
	return nil
}

// names lists the flags of a set.
func names(flags *flag.FlagSet) (names []string) {
	flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return names
}
