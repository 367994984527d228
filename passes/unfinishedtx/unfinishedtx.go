package unfinishedtx

import (
	_ "embed"

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
		for _, t := range res.Troubles {
			pass.Report(analysis.Diagnostic{Pos: t.Pos, Category: "internal", Message: t.Text})
		}
		for _, l := range res.Leaks {
			pass.Report(diagnostic(pass, l))
		}
	})
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
