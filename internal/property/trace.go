package property

// A Trace is a run visit by visit, so that other runs which begin alike need not make the
// visits again.
type Trace[N comparable, S State[S]] struct {
	nodes []N
	costs []int
	// first is the number of the first visit that each visit has led to: they follow one
	// another.
	first  []int
	states map[int]S // where a run may go on by itself
}

// A Part is what a node is to a run that goes on from a trace.
type Part uint8

const (
	Aside Part = iota // it is not visited
	Along             // its visits are as in the trace
	Own               // the run makes its visits itself
)

// Record is Run that makes a trace. It keeps the states that arrive at some nodes, cloned, and
// asks after each visit what the run has cost so far.
func Record[N comparable, S State[S]](start Visit[N, S], step func(Visit[N, S]) []Visit[N, S], stop func() bool, bound Bound,
	keep func(Visit[N, S]) (S, bool), cost func() int) *Trace[N, S] {
	t := &Trace[N, S]{states: make(map[int]S)}
	before := cost()
	admitted := func(v Visit[N, S]) {
		if s, ok := keep(v); ok {
			t.states[len(t.nodes)] = s
		}
		t.nodes = append(t.nodes, v.Node)
	}
	run([]Visit[N, S]{start}, func(v Visit[N, S]) []Visit[N, S] {
		if len(t.first) > 0 {
			t.costs, before = append(t.costs, cost()-before), cost()
		}
		t.first = append(t.first, len(t.nodes))
		return step(v)
	}, stop, bound, admitted)
	t.costs = append(t.costs, cost()-before)
	t.first = append(t.first, len(t.nodes))
	return t
}

// Resume is Run from the start of a trace. No visit of the run's own may lead back to a node
// along the trace, or to one where it goes on by itself. Pass is told what each visit along the
// trace has cost, and aside is called where the trace comes to a node aside. The states of the
// trace are kept.
func (t *Trace[N, S]) Resume(part func(N) Part, pass func(cost int), aside func(), step func(Visit[N, S]) []Visit[N, S], stop func() bool, bound Bound) {
	type item struct {
		v  Visit[N, S]
		at int // the number in the trace of a visit along it, -1 for any other
	}
	var queue []item
	places := make(places[N, S])
	own := func(v Visit[N, S]) {
		if v, isNew, _ := places.admit(v, bound()); isNew {
			queue = append(queue, item{v, -1})
		}
	}
	arrive := func(i int) {
		switch n := t.nodes[i]; part(n) {
		case Aside:
			aside()
		case Along:
			queue = append(queue, item{at: i})
		case Own:
			queue = append(queue, item{Visit[N, S]{n, t.states[i], true}, -1})
		}
	}
	arrive(0)
	for len(queue) > 0 && !stop() {
		next := queue[0]
		queue = queue[1:]
		if next.at >= 0 {
			pass(t.costs[next.at])
			for i := t.first[next.at]; i < t.first[next.at+1]; i++ {
				arrive(i)
			}
			continue
		}
		for _, v := range step(next.v) {
			own(v)
		}
	}
}
