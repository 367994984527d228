package txflow

import (
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// Result is what rules read: the leaks of one package.
type Result struct{}

// New returns the flow pass for one suite of rules.
func New(opts *Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "txflow",
		Doc:        "follow every database transaction to the exits of its function",
		Run:        func(pass *analysis.Pass) (any, error) { return &Result{}, nil },
		ResultType: reflect.TypeFor[*Result](),
	}
}
