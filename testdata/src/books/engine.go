// Package books uses the objects and helpers of package ledger, and has more of its own.
package books

import (
	"errors"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

var (
	errShort = errors.New("short")
	errStop  = errors.New("stop")
)
