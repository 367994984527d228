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
	"errors"
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
		return nil, fmt.Errorf("settings are a list of names with values, not %v", settings)
	}
	var flags flag.FlagSet
	opts.Bind(&flags)
	var lists yaml.MapSlice
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(names(&flags), name) {
			return nil, fmt.Errorf("unknown setting %q: there are %s", name, strings.Join(names(&flags), ", "))
		}
		list, err := set(name, values[name], &flags)
		if err != nil {
			return nil, fmt.Errorf("setting %q: %w", name, err)
		}
		lists = append(lists, list...)
	}
	conf, err := parse(lists)
	if err != nil {
		return nil, err
	}
	conf.Apply(opts)
	if _, err = opts.Set(); err != nil {
		return nil, fmt.Errorf("setting %q: %w", "protocols", inText(err))
	}
	return conf, nil
}

// set takes over a setting that is a flag, or returns one that is a list.
func set(name string, value any, flags *flag.FlagSet) (list yaml.MapSlice, err error) {
	switch value := value.(type) {
	case string, bool:
		f := flags.Lookup(name)
		if f == nil {
			return nil, errors.New("want a list of entries with path and reason")
		}
		if f.Value.Set(fmt.Sprint(value)) != nil {
			return nil, fmt.Errorf("want true or false, not %q", value)
		}
		return nil, nil
	case []any:
		list = yaml.MapSlice{{Key: name, Value: value}}
		_, err = parse(list)
		if _, message, ok := config.Fault(err); ok {
			err = errors.New(message) // its place is none in the user's file
		}
		return list, err
	}
	return nil, fmt.Errorf("want a text, a boolean or a list, have %T", value)
}

// parse reads lists, written down once more, like a configuration.
func parse(lists yaml.MapSlice) (*config.Config, error) {
	text, err := yaml.Marshal(lists)
	if err != nil {
		return nil, err
	}
	return config.Parse("settings", "", text)
}

// inText puts a fault in a text of several lines in one line.
func inText(err error) error {
	if line, message, ok := config.Fault(err); ok {
		return fmt.Errorf("line %d: %s", line, message)
	}
	return err
}

// names lists the settings: the flags, less those by which one looks into a run, and
// what is no flag.
func names(flags *flag.FlagSet) []string {
	list := []string{"exclude"}
	flags.VisitAll(func(f *flag.Flag) {
		if f.Name != "debug" && f.Name != "why" {
			list = append(list, f.Name)
		}
	})
	return slices.Sorted(slices.Values(list))
}
