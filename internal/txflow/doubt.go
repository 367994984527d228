package txflow

import (
	"bytes"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// Branches on what is not known. A path that takes one may be impossible, and what it leads
// to is not told. But one of the two ways is taken: where both of them meet again, and
// nothing else has come of it, all is as if nobody had asked.
// Have: if stats.failed > 0 { log.Print(stats.failed) }, which a goroutine counts

// maxDoubts bounds how many branches of a path wait for their other way.
const maxDoubts = 2

// A doubt is a way that a path takes at a branch on what is not known.
type doubt struct {
	at  *ssa.If
	ctx ctxID
	way bool
}

func (d doubt) key(b *bytes.Buffer) {
	writeID(b, 'D', int(d.ctx))
	writeID(b, '.', d.at.Block().Index)
	writeID(b, '.', int(d.at.Parent().Pos()))
	b.WriteString(strconv.FormatBool(d.way))
}

// take assumes that the condition of a branch is true or false; it reports false when that
// cannot be. The state must be owned.
func (st *state) take(at *ssa.If, cond value, way bool) bool {
	switch {
	case !isLost(cond):
		return st.assume(cond, way)
	case len(st.doubts) == maxDoubts:
		st.doubts, st.vague = nil, true
	case !st.vague:
		st.doubts = append(slices.Clip(st.doubts), doubt{at, st.top().ctx, way})
	}
	return true
}

// uncertain reports whether the path may be impossible.
func (st *state) uncertain() bool { return st.vague || len(st.doubts) > 0 }

// Halve implements property.Halved: the last branch on what is not known has another way.
func (st *state) Halve() (other, whole *state, ok bool) {
	n := len(st.doubts)
	if n == 0 || st.vague {
		return nil, nil, false
	}
	o, w := *st, *st
	o.doubts, w.doubts = slices.Clone(st.doubts), st.doubts[:n-1:n-1]
	o.doubts[n-1].way = !o.doubts[n-1].way
	return &o, &w, true
}

// withoutHalves are exits without those on one way of a branch on what is not known, where
// the whole path has come to the same one.
func withoutHalves(exits []exit, byPlace bool) []exit {
	isHalf := func(e exit) bool { return len(e.st.doubts) > 0 }
	if !slices.ContainsFunc(exits, isHalf) {
		return exits
	}
	whole := make(map[string]bool)
	for _, e := range exits {
		whole[e.st.Key()+e.suffix(byPlace)] = true
	}
	return slices.DeleteFunc(exits, func(e exit) bool {
		_, w, ok := e.st.Halve()
		return ok && whole[w.Key()+e.suffix(byPlace)]
	})
}

// suffix tells exits of equal states apart: by what they return, and by their place.
func (e exit) suffix(byPlace bool) string {
	var b bytes.Buffer
	for _, r := range e.results {
		r.key(&b)
	}
	b.WriteString(strconv.Itoa(int(e.kind)))
	if byPlace && e.instr != nil {
		writeID(&b, 'i', int(e.instr.Pos()))
		writeID(&b, '.', e.instr.Block().Index)
	}
	return b.String()
}
