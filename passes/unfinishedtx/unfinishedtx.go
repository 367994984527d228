// Package unfinishedtx defines an analyzer that reports database transactions left open.
package unfinishedtx

import (
	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// Analyzer is the rule with default options, for drivers such as Bazel's nogo
// that take one variable.
var Analyzer = func() *analysis.Analyzer {
	opts := txflow.DefaultOptions()
	return New(txflow.New(opts), opts)
}()

// New returns the rule reading one flow pass.
func New(flow *analysis.Analyzer, opts *txflow.Options) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:     "unfinishedtx",
		Doc:      "report database transactions that a function leaves open",
		URL:      "https://github.com/txcheck/txcheck/blob/main/docs/unfinishedtx.md",
		Requires: []*analysis.Analyzer{flow},
	}
	a.Run = func(pass *analysis.Pass) (any, error) {
		res := pass.ResultOf[flow].(*txflow.Result)
		for _, t := range res.Troubles {
			pass.Report(analysis.Diagnostic{Pos: t.Pos, Category: "internal", Message: t.Text})
		}
		for _, l := range res.Leaks {
			pass.Report(diagnostic(pass, l))
		}
		return nil, nil
	}
	opts.Bind(&a.Flags)
	return a
}

// diagnostic puts a leak in words.
func diagnostic(pass *analysis.Pass, l *txflow.Leak) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: l.Pos, End: l.End, Category: "transaction", Message: message(pass, l)}
	for _, s := range l.Path {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.Pos, End: s.End, Message: s.Text})
	}
	return d
}
