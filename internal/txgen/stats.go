package txgen

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Stats sum up verdicts.
type Stats struct {
	Units, Judged, Leaking, Paths int
	Leaks, Reports                int
	Kinds                         map[Kind]int // units with such a disagreement
	Wrong                         int          // units with any
	Rejected                      map[string]int
	Used, Blamed                  map[string]int // by feature: units judged, units with a disagreement
}

// Sum counts.
func Sum(verdicts []Verdict) *Stats {
	s := &Stats{Kinds: map[Kind]int{}, Rejected: map[string]int{}, Used: map[string]int{}, Blamed: map[string]int{}}
	for i := range verdicts {
		s.add(&verdicts[i])
	}
	return s
}

func (s *Stats) add(v *Verdict) {
	s.Units++
	s.Paths += v.Paths
	if v.Rejected != "" {
		why, _, _ := strings.Cut(v.Rejected, ":")
		s.Rejected[why]++
		return
	}
	s.Judged++
	s.Leaks += len(v.Leaks)
	s.Reports += len(v.Reports)
	if v.leaks() {
		s.Leaking++
	}
	kinds := map[Kind]bool{}
	for _, w := range v.Wrong {
		kinds[w.Kind] = true
	}
	for k := range kinds {
		s.Kinds[k]++
	}
	if len(kinds) > 0 {
		s.Wrong++
	}
	for _, f := range v.Unit.Features {
		s.Used[f]++
		if len(kinds) > 0 {
			s.Blamed[f]++
		}
	}
}

// Write prints the sums.
func (s *Stats) Write(w io.Writer) {
	fmt.Fprintf(w, "%d functions, %d judged, %d of them leak; %d paths, %d leaking exits, %d reports\n",
		s.Units, s.Judged, s.Leaking, s.Paths, s.Leaks, s.Reports)
	for _, why := range slices.Sorted(maps.Keys(s.Rejected)) {
		fmt.Fprintf(w, "rejected: %d %s\n", s.Rejected[why], why)
	}
	fmt.Fprintf(w, "functions with a disagreement: %d", s.Wrong)
	for _, k := range []Kind{Miss, False, Double} {
		fmt.Fprintf(w, ", %s %d", k, s.Kinds[k])
	}
	fmt.Fprintln(w)
	for _, f := range slices.Sorted(maps.Keys(s.Used)) {
		fmt.Fprintf(w, "  %-13s %4d of %5d\n", f, s.Blamed[f], s.Used[f])
	}
}
