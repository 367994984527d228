package main

import (
	"fmt"
	"strings"
)

// The panels of the picture, and the plane in each, in pixels.
const (
	panelWidth, panelHeight = 380.0, 230.0
	left, right             = 58.0, 16.0
	top, bottom             = 34.0, 44.0
	columns                 = 2
)

// picture draws one panel for each dimension: the measured costs, and the straight line
// through the first and the last of them.
func picture(all []*dimension) string {
	rows := (len(all) + columns - 1) / columns
	width, height := columns*panelWidth, float64(rows)*panelHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g" font-family="sans-serif" font-size="11" fill="#24292f">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%g" height="%g" fill="#ffffff"/>`+"\n", width, height)
	for i, d := range all {
		fmt.Fprintf(&b, `<g transform="translate(%g %g)">`+"\n", float64(i%columns)*panelWidth, float64(i/columns)*panelHeight)
		d.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// draw draws one panel.
func (d *dimension) draw(b *strings.Builder) {
	last := d.points[len(d.points)-1]
	most := 0.0
	for _, p := range d.points {
		most = max(most, p.cpu)
	}
	step := niceStep(most * 1000)
	ceiling := step
	for ceiling < most*1000 {
		ceiling += step
	}
	planeWidth, planeHeight := panelWidth-left-right, panelHeight-top-bottom
	x := func(n int) float64 { return left + planeWidth*float64(n)/float64(last.n) }
	y := func(ms float64) float64 { return top + planeHeight*(1-ms/ceiling) }

	fmt.Fprintf(b, `<text x="%g" y="%g" font-weight="bold">CPU ms by number of</text>`+"\n", left, top-20)
	fmt.Fprintf(b, `<text x="%g" y="%g">%s</text>`+"\n", left, top-7, d.title)
	for ms := 0.0; ms <= ceiling+step/2; ms += step {
		fmt.Fprintf(b, `<path d="M%g %.1fH%g" stroke="#d0d7de"/><text x="%g" y="%.1f" text-anchor="end">%g</text>`+"\n",
			left, y(ms), panelWidth-right, left-6, y(ms)+4, ms)
	}
	for _, p := range d.points {
		fmt.Fprintf(b, `<text x="%.1f" y="%g" text-anchor="middle">%d</text>`+"\n", x(p.n), panelHeight-bottom+16, p.n)
	}
	first := d.points[0]
	fmt.Fprintf(b, `<path d="M%.1f %.1fL%.1f %.1f" stroke="#8c959f" stroke-dasharray="4 3"/>`+"\n",
		x(first.n), y(first.cpu*1000), x(last.n), y(last.cpu*1000))
	var line []string
	for _, p := range d.points {
		line = append(line, fmt.Sprintf("%.1f,%.1f", x(p.n), y(p.cpu*1000)))
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="#0969da"><title>%d: %.0f ms</title></circle>`+"\n",
			x(p.n), y(p.cpu*1000), p.n, p.cpu*1000)
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="#0969da" stroke-width="1.5"/>`+"\n", strings.Join(line, " "))
}

// niceStep is a round distance between the marks of an axis, of which there are
// three to seven.
func niceStep(most float64) float64 {
	for step := 1.0; ; step *= 10 {
		for _, factor := range []float64{1, 2, 5} {
			if most/(step*factor) <= 6 {
				return step * factor
			}
		}
	}
}
