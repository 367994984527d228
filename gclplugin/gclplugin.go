// Package gclplugin makes the rules of txcheck a plugin of golangci-lint v2.
//
// Importing it registers two linters: "txcheck" has every rule, and each rule is
// there by its own name, too. Settings are the keys of .txcheck.yml, which is not
// read here, and the flags of the rules by the same names; see docs/golangci-lint.md
// for the files that a user writes.
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

	"github.com/goccy/go-yaml"
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/config"
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
	conf    *config.Config // libraries and excluded paths
	rule    string         // "" has every rule
}

// newPlugin returns a suite of one rule, or of all, with the user's settings.
func newPlugin(rule string, settings any) (register.LinterPlugin, error) {
	opts := passes.DefaultOptions()
	conf, err := decode(settings, opts)
	if err != nil {
		return nil, fmt.Errorf("txcheck: %w", err)
	}
	return &plugin{opts, conf, rule}, nil
}

// GetLoadMode asks golangci-lint for types, which SSA and facts need.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// BuildAnalyzers returns the rules.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	var analyzers []*analysis.Analyzer
	for _, a := range p.conf.Quiet(passes.New(p.options)) {
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
// are those of the flags, so that there is one list of them; what is no flag, or a
// list where the flag is a text, is read like .txcheck.yml.
func decode(settings any, opts *passes.Options) (*config.Config, error) {
	if settings == nil {
		return nil, nil
	}
	values, err := register.DecodeSettings[map[string]any](settings)
	if err != nil {
		return nil, err
	}
	var flags flag.FlagSet
	opts.Bind(&flags)
	var structured yaml.MapSlice
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name != "exclude" && flags.Lookup(name) == nil {
			return nil, fmt.Errorf("unknown setting %q: there are %s", name, strings.Join(append(names(&flags), "exclude"), ", "))
		}
		switch value := values[name].(type) {
		case string, bool:
			if name == "exclude" {
				return nil, fmt.Errorf("setting %q: want a list of entries with path and reason", name)
			}
			if err := flags.Set(name, fmt.Sprint(value)); err != nil {
				return nil, fmt.Errorf("setting %q: %w", name, err)
			}
		case []any:
			structured = append(structured, yaml.MapItem{Key: name, Value: value})
		default:
			return nil, fmt.Errorf("setting %q: want a text, a boolean or a list, have %T", name, value)
		}
	}
	conf, err := parseStructured(structured)
	if err != nil {
		return nil, err
	}
	conf.Apply(opts)
	_, err = opts.Set()
	return conf, err
}

// parseStructured reads settings that are lists. They are written down once more, so
// that a message can show the place of a fault in what golangci-lint has passed on.
func parseStructured(settings yaml.MapSlice) (*config.Config, error) {
	text, err := yaml.Marshal(settings)
	if err != nil {
		return nil, err
	}
	return config.Parse("settings", text)
}

// names lists the flags of a set.
func names(flags *flag.FlagSet) (names []string) {
	flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return names
}
