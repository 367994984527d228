package report

import "slices"

// A group is the findings about one transaction: those whose paths start with
// the same step.
type group struct {
	findings []Finding
}

// groups splits sorted findings by transaction, in the order in which each is
// first met. A finding without a path is a group of its own.
func groups(findings []Finding) (all []*group) {
	met := make(map[Step]*group)
	for _, f := range findings {
		var g *group
		if len(f.Steps) > 0 {
			g = met[f.Steps[0]]
		}
		if g == nil {
			g = new(group)
			all = append(all, g)
		}
		if len(f.Steps) > 0 {
			met[f.Steps[0]] = g
		}
		g.findings = append(g.findings, f)
	}
	return all
}

// distinctFixes returns the first fix of each finding, each once.
func (g *group) distinctFixes() (fixes []Fix) {
	for _, f := range g.findings {
		if len(f.Fixes) > 0 && !slices.ContainsFunc(fixes, f.Fixes[0].equal) {
			fixes = append(fixes, f.Fixes[0])
		}
	}
	return fixes
}

func (f Fix) equal(other Fix) bool {
	return f.Message == other.Message && slices.Equal(f.Edits, other.Edits)
}
