package unfinishedtx

import (
	"cmp"
	_ "embed"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/rule"
	"github.com/txcheck/txcheck/internal/txflow"
)

//go:embed doc.go
var doc string

// Analyzer is the rule with default options, for drivers such as Bazel's nogo
// that take one variable.
var Analyzer = func() *analysis.Analyzer {
	opts := txflow.DefaultOptions()
	return New(txflow.New(opts), opts)
}()

// New returns the rule reading one flow pass.
func New(flow *analysis.Analyzer, opts *txflow.Options) *analysis.Analyzer {
	a := rule.New("unfinishedtx", doc, flow, func(pass *analysis.Pass) {
		res := pass.ResultOf[flow].(*txflow.Result)
		res.Complete()
		if opts.Why != "" {
			answer(pass, res)
			return
		}
		report(pass, res)
	})
	opts.Bind(&a.Flags)
	return a
}

// answer tells what is known of the transactions that the user asks about.
func answer(pass *analysis.Pass, res *txflow.Result) {
	ignored := rule.NewIgnored(pass)
	text := func(v txflow.Verdict) string {
		switch {
		case !v.Leaks:
			return v.Text
		case ignored.Silences(v.Pos):
			return v.Text + ", which a directive silences"
		}
		return v.Text + ", which is reported"
	}
	for _, v := range res.Verdicts {
		d := analysis.Diagnostic{Pos: v.Pos, End: v.End, Category: "why", Message: text(v)}
		for _, way := range v.Ways {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: way.Pos, End: way.End, Message: text(way)})
		}
		pass.Report(d)
	}
}

// report makes diagnostics of what the flow pass has found.
func report(pass *analysis.Pass, res *txflow.Result) {
	for _, t := range res.Troubles {
		pass.Report(analysis.Diagnostic{Pos: t.Pos, Category: "internal", Message: t.Text})
	}
	ignored := rule.NewIgnored(pass)
	var reported []*txflow.Leak
	for _, l := range res.Leaks {
		if !ignored.Silences(l.Pos) {
			reported = append(reported, l)
		}
	}
	slices.SortStableFunc(reported, func(a, b *txflow.Leak) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.BeginPos, b.BeginPos))
	})
	found := fixes(pass, res, reported)
	for _, l := range reported {
		d := diagnostic(pass, l)
		if fix, ok := found[l]; ok {
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
		pass.Report(d)
	}
	ignored.Report()
}

// diagnostic puts a leak in words.
func diagnostic(pass *analysis.Pass, l *txflow.Leak) analysis.Diagnostic {
	d := analysis.Diagnostic{
		Pos: l.Pos, End: l.End, Category: category(pass, l), Message: message(pass, l),
		URL: rule.URL("unfinishedtx"),
	}
	seen := make(map[txflow.Step]bool)
	for _, s := range l.Path {
		if !seen[s] {
			seen[s] = true
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.Pos, End: s.End, Message: s.Text})
		}
	}
	return d
}
