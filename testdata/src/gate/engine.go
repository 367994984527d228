// Package gate goes by what packages tell that know no database, and has others run what
// ends its transactions.
package gate

import (
	"errors"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

var errFull = errors.New("full")
