// Package property is a path-sensitive property simulation over any graph.
//
// It follows ESP (Das, Lerner, Seigle: "ESP: Path-Sensitive Program Verification
// in Polynomial Time", PLDI 2002): a state is a property state together with what
// the path knows, and where paths meet, states with different properties are kept
// apart. Unlike ESP it also keeps apart a bounded number of states that share a
// property and differ in what they know, and only joins them beyond that bound,
// so that small graphs are followed exactly and large ones in polynomial time.
//
// The package knows neither Go's types nor its SSA form.
package property

// A State is what holds on one set of paths. States are immutable for the
// simulation: where it needs one for later, the step has to yield new ones.
type State[S any] interface {
	// Key identifies the state: states with equal keys have the same future.
	Key() string
	// Property is the part that a join never merges.
	Property() string
	// Join returns a state that covers the receiver and other, which have the
	// same Property. It must only lose knowledge, so that repeated joins settle.
	Join(other S) S
}

// Halved is a state that may hold on one way of a branch which nobody can decide. Halve
// returns the state that differs only in having taken the other way, and the one without
// that branch, which holds where both arrive; ok is false for a state without such a branch.
type Halved[S any] interface {
	Halve() (other, whole S, ok bool)
}

// A Visit is a state that arrives at a node.
type Visit[N comparable, S any] struct {
	Node  N
	State S
	// Kept: the simulation needs the state for later joins as well. Any other is the step's.
	Kept bool
}

// A Bound tells how many states with one property a node keeps apart. It may become less
// while a simulation runs, the more work that has been.
type Bound func() int

// Run takes every visit through step, breadth first, until no new state arrives
// anywhere. A step returns the visits that follow; stop ends the simulation early
// when it answers true. Run reports whether any states were joined.
//
// The order of visits depends on the order in start and in what step returns, and
// on nothing else. The first state with a given key that arrives at a node came
// by a path with the fewest steps.
func Run[N comparable, S State[S]](start []Visit[N, S], step func(Visit[N, S]) []Visit[N, S], stop func() bool, bound Bound) (joined bool) {
	return run(start, step, stop, bound, func(Visit[N, S]) {})
}

// run is Run that tells of each visit that is going to be made, in their order.
func run[N comparable, S State[S]](start []Visit[N, S], step func(Visit[N, S]) []Visit[N, S], stop func() bool, bound Bound, admitted func(Visit[N, S])) (joined bool) {
	places := make(places[N, S])
	var queue []Visit[N, S]
	arrive := func(v Visit[N, S]) {
		v, isNew, wasJoined := places.admit(v, bound())
		joined = joined || wasJoined
		if isNew {
			queue = append(queue, v)
			admitted(v)
		}
	}
	for _, v := range start {
		arrive(v)
	}
	for len(queue) > 0 && !stop() {
		v := queue[0]
		queue = queue[1:]
		for _, next := range step(v) {
			arrive(next)
		}
	}
	return joined
}

// places are what arrived where.
type places[N comparable, S State[S]] map[N]*place[S]

// admit decides in which form a visit is made, if at all.
func (ps places[N, S]) admit(v Visit[N, S], bound int) (_ Visit[N, S], isNew, joined bool) {
	p := ps[v.Node]
	if p == nil {
		p = &place[S]{seen: make(map[string]bool), kept: make(map[string]int), sum: make(map[string]S)}
		ps[v.Node] = p
	}
	v.State, isNew, joined = p.admit(v.State, bound)
	v.Kept = v.Kept || joined
	return v, isNew, joined
}

// A place remembers what arrived at one node.
type place[S State[S]] struct {
	seen map[string]bool // by Key
	kept map[string]int  // number of separate states, by Property
	sum  map[string]S    // the join of all further states, by Property
}

// admit decides in which form a state goes on from its node, if at all.
func (p *place[S]) admit(s S, bound int) (_ S, isNew, joined bool) {
	key := s.Key()
	if p.seen[key] {
		return s, false, false
	}
	if half, ok := any(s).(Halved[S]); ok {
		if other, whole, ok := half.Halve(); ok {
			if p.seen[whole.Key()] {
				return s, false, false
			}
			if p.seen[other.Key()] {
				return p.admit(whole, bound)
			}
		}
	}
	prop := s.Property()
	if p.kept[prop] < bound {
		p.seen[key] = true
		p.kept[prop]++
		return s, true, false
	}
	if old, ok := p.sum[prop]; ok {
		s = old.Join(s)
	}
	p.sum[prop] = s
	key = s.Key()
	if p.seen[key] {
		return s, false, true
	}
	p.seen[key] = true
	return s, true, true
}
