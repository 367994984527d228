// Package tug knows ships by their interfaces.
package tug

import (
	"txcases/tug/crew"
	"txcases/txprobe"
	"txcases/wharf"
	"txcases/wharf/hull"
)

// Cases are the cases.
type Cases struct {
	p *txprobe.Probe
	c *crew.Crew
}

// New returns the cases.
func New(p *txprobe.Probe) any {
	wharf.Set(p.DB)
	return Cases{p, &crew.Crew{Ship: hull.NewShip(p.DB), Barge: &wharf.Traced{Barge: hull.NewBarge(p.DB)}}}
}
