package gclplugin

import (
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/txcheck/txcheck/passes"
)

// build has golangci-lint's part: it finds a plugin by name and asks it for rules.
func build(t *testing.T, name string, settings any) ([]*analysis.Analyzer, error) {
	t.Helper()
	newPlugin, err := register.GetPlugin(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlugin(settings)
	if err != nil {
		return nil, err
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q, want %q", mode, register.LoadModeTypesInfo)
	}
	return p.BuildAnalyzers()
}

func TestNames(t *testing.T) {
	all := passes.New(passes.DefaultOptions())
	analyzers, err := build(t, "txcheck", nil)
	if err != nil || len(analyzers) != len(all) {
		t.Errorf("txcheck has %v (%v), want all of %v", analyzers, err, all)
	}
	for _, want := range all {
		analyzers, err := build(t, want.Name, map[string]any{})
		if err != nil || len(analyzers) != 1 || analyzers[0].Name != want.Name {
			t.Errorf("%s has %v (%v), want itself", want.Name, analyzers, err)
		}
		if err := analysis.Validate(analyzers); err != nil {
			t.Error(err)
		}
	}
}

func TestSettings(t *testing.T) {
	opts := passes.DefaultOptions()
	conf, err := decode(map[string]any{
		"panics": true, "ctxcancel": false,
		"exclude": []any{map[string]any{"path": "internal/old", "reason": "to be deleted"}},
		"protocols": []any{map[string]any{
			"library": "our store", "imports": []any{"example.com/store"},
			"open": []any{map[string]any{"func": "(*store.DB).Begin"}},
		}},
	}, opts)
	if err != nil {
		t.Fatal(err)
	}
	if !opts.Panics || opts.CtxCancel {
		t.Errorf("options are %+v, want panics and no ctxcancel", opts)
	}
	if len(opts.Libraries) != 1 || opts.Libraries[0].Library.Name != "our store" {
		t.Errorf("libraries are %v, want one", opts.Libraries)
	}
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if !conf.Excludes(filepath.Join(wd, "internal/old/x.go")) || conf.Excludes(filepath.Join(wd, "x.go")) {
		t.Error("the excluded path is not")
	}
	const text = "library: our store\nimports: [example.com/store]\nopen:\n  - func: (*store.DB).Begin\n"
	if _, err := decode(map[string]any{"protocols": text}, passes.DefaultOptions()); err != nil {
		t.Errorf("libraries as a text: %v", err)
	}
}

func TestBadSettings(t *testing.T) {
	for name, test := range map[string]struct {
		settings any
		want     string
	}{
		"unknown":    {map[string]any{"panic": true}, `unknown setting "panic": there are ctxcancel, exclude, panics, protocols`},
		"no boolean": {map[string]any{"panics": "perhaps"}, `setting "panics": want true or false, not "perhaps"`},
		"a list":     {map[string]any{"panics": []any{true}}, `setting "panics": `},
		"a number":   {map[string]any{"panics": 1}, `setting "panics": want a text, a boolean or a list`},
		"a library":  {map[string]any{"protocols": []any{map[string]any{"library": "x"}}}, `setting "protocols": library "x" lists no import path`},
		"its text":   {map[string]any{"protocols": "library: x\nimport: y\n"}, `setting "protocols": line 2: unknown field "import"`},
		"no reason":  {map[string]any{"exclude": []any{map[string]any{"path": "x"}}}, `setting "exclude": the excluded path "x" wants a reason`},
		"no entries": {map[string]any{"exclude": "x"}, `setting "exclude": want a list`},
		"no map":     {[]any{"panics"}, `settings are a list of names with values, not [panics]`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := build(t, "txcheck", test.settings)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %v, want one line with %q", err, test.want)
			}
		})
	}
}

// TestFindings runs the rules over a package, and checks that a report is no more
// than golangci-lint can show.
func TestFindings(t *testing.T) {
	analyzers, err := build(t, "txcheck", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range analyzers {
		for _, result := range analysistest.Run(t, analysistest.TestData(), a, "leak") {
			for _, d := range result.Diagnostics {
				if len(d.Related) != 0 || len(d.SuggestedFixes) > 1 {
					t.Errorf("%q has %d related positions and %d fixes, want none and at most one",
						d.Message, len(d.Related), len(d.SuggestedFixes))
				}
			}
		}
	}
}

func TestPlain(t *testing.T) {
	talkative := &analysis.Analyzer{Name: "talkative", Run: func(pass *analysis.Pass) (any, error) {
		pass.Report(analysis.Diagnostic{
			Pos: 1, Message: "first",
			Related:        []analysis.RelatedInformation{{Pos: 1, Message: "here"}},
			SuggestedFixes: []analysis.SuggestedFix{{Message: "a"}, {Message: "b"}},
		})
		pass.Reportf(token.Pos(2), "second")
		return nil, nil
	}}
	var got []analysis.Diagnostic
	pass := &analysis.Pass{Report: func(d analysis.Diagnostic) { got = append(got, d) }}
	if _, err := plain(talkative).Run(pass); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || len(got[0].Related) != 0 || len(got[0].SuggestedFixes) != 1 ||
		got[0].SuggestedFixes[0].Message != "a" || len(got[1].SuggestedFixes) != 0 {
		t.Errorf("got %+v", got)
	}
}
