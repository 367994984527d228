package txgen

import (
	"context"
	"fmt"
)

// Shrink takes statements away from the units of some verdicts for as long as one
// of their disagreements stays: the first of each. It does so for all of them at
// once, as a run of the lab costs seconds whatever is in it.
func Shrink(ctx context.Context, l *Lab, verdicts []Verdict) ([]Verdict, error) {
	return shrink(verdicts, func(units []Unit) ([]Verdict, error) { return l.Judge(ctx, units) })
}

// shrink is Shrink with any judge.
func shrink(verdicts []Verdict, judge func([]Unit) ([]Verdict, error)) ([]Verdict, error) {
	jobs := make([]*shrinking, len(verdicts))
	for i, v := range verdicts {
		jobs[i] = &shrinking{best: v, kind: v.Wrong[0].Kind, exit: v.Wrong[0].Exit}
	}
	for range 12 {
		for _, pass := range []func(*shrinking) []Unit{(*shrinking).singles, (*shrinking).together, (*shrinking).pairs} {
			var units []Unit
			var whose []*shrinking
			for _, j := range jobs {
				for _, u := range pass(j) {
					u.Name = fmt.Sprintf("%s_%d", j.best.Unit.Name, len(units))
					u.Cases, u.Kit = rename(u.Cases, j.best.Unit.Name, u.Name), rename(u.Kit, j.best.Unit.Name, u.Name)
					units = append(units, u)
					whose = append(whose, j)
				}
			}
			if len(units) == 0 {
				continue
			}
			judged, err := judge(units)
			if err != nil {
				return nil, err
			}
			for i := range judged {
				whose[i].consider(judged[i])
			}
		}
		if !progress(jobs) {
			break
		}
	}
	out := make([]Verdict, len(jobs))
	for i, j := range jobs {
		out[i] = j.best
	}
	return out, nil
}

// A shrinking is the work on one unit.
type shrinking struct {
	best    Verdict
	kind    Kind
	exit    string
	size    int // of best when the round began; 0 at the start
	pending [][]int
	good    []int // single edits after which the disagreement was still there
	from    string
	done    bool
	next    *Verdict
}

// singles are the texts with one edit each.
func (j *shrinking) singles() []Unit {
	if j.done {
		return nil
	}
	j.from, j.good, j.pending, j.next = j.best.Unit.Cases, nil, nil, nil
	t, err := parse(j.from)
	if err != nil {
		return nil
	}
	for i := range t.edits() {
		j.pending = append(j.pending, []int{i})
	}
	return j.units()
}

// together are texts with several of the edits that did no harm alone.
func (j *shrinking) together() []Unit {
	j.pending = nil
	if n := len(j.good); n > 1 {
		j.pending = append(j.pending, j.good, j.good[:n/2], j.good[n/2:], j.good[:n/4], j.good[n/4:n/2], j.good[n/2:3*n/4], j.good[3*n/4:])
	}
	return j.units()
}

// maxPairs bounds the edits that are tried two by two.
const maxPairs = 40

// pairs are texts with two edits, where no edit alone does: a variable goes with the
// only statement that reads it.
func (j *shrinking) pairs() []Unit {
	j.pending = nil
	t, err := parse(j.from)
	if j.done || err != nil || j.next != nil {
		return nil
	}
	n := len(t.edits())
	for a := range min(n, maxPairs) {
		for b := a + 1; b < min(n, maxPairs); b++ {
			j.pending = append(j.pending, []int{a, b})
		}
	}
	return j.units()
}

func (j *shrinking) units() []Unit {
	var all []Unit
	var kept [][]int
	for _, which := range j.pending {
		text := apply(j.from, which)
		if text == "" || len(text) >= len(j.from) && text == j.from || len(which) == 0 {
			continue
		}
		u := j.best.Unit
		u.Cases = text
		all = append(all, u)
		kept = append(kept, which)
	}
	j.pending = kept
	return all
}

// consider takes the verdict of the first pending text.
func (j *shrinking) consider(v Verdict) {
	which := j.pending[0]
	j.pending = j.pending[1:]
	same := false
	for _, w := range v.Wrong {
		same = same || w.Kind == j.kind && w.Exit == j.exit
	}
	if v.Rejected != "" || !same {
		return
	}
	if len(which) == 1 {
		j.good = append(j.good, which[0])
	}
	if j.next == nil || len(v.Unit.Cases) < len(j.next.Unit.Cases) {
		j.next = &v
	}
}

// progress ends a round and reports whether there is another one.
func progress(jobs []*shrinking) bool {
	more := false
	for _, j := range jobs {
		if j.done {
			continue
		}
		if j.next == nil {
			j.done = true
			continue
		}
		j.best, j.next, more = *j.next, nil, true
	}
	return more
}
