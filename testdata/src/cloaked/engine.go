// Package cloaked holds cases about transactions of other packages of which users see nothing
// but a token.
package cloaked

import "txcases/txprobe"

// Cases are the cases.
type Cases struct{ p *txprobe.Probe }

// New returns the cases.
func New(p *txprobe.Probe) any { return Cases{p} }
