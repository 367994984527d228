// Package passes lists the rules that users enable.
package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
	"github.com/txcheck/txcheck/passes/unfinishedtx"
)

// Options are the settings of a suite of rules.
type Options = txflow.Options

// DefaultOptions returns the settings of a run without flags.
func DefaultOptions() *Options { return txflow.DefaultOptions() }

// New returns one suite: every rule, on one shared flow pass.
func New(opts *Options) []*analysis.Analyzer {
	flow := txflow.New(opts)
	return []*analysis.Analyzer{
		unfinishedtx.New(flow, opts),
	}
}
