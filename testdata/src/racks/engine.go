// Package racks holds cases about objects of other packages that keep transactions in containers.
package racks

import "txcases/txprobe"

// Cases are the cases.
type Cases struct{ p *txprobe.Probe }

// New returns the cases.
func New(p *txprobe.Probe) any { return Cases{p} }
