// Package quay asks other objects how things went, before it ends its transactions.
package quay

import (
	"errors"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

var errFull = errors.New("full")
