// Package dock uses what package pier gives away as interfaces.
package dock

import "txcases/txprobe"

// Cases are the cases.
type Cases struct{ p *txprobe.Probe }

// New returns the cases.
func New(p *txprobe.Probe) any { return Cases{p} }
