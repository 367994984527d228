package txflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A chan struct{} of the function's own that nobody sends on is a flag: it is ready once it
// has been closed, and never before. Whether it is closed stands in memory behind the
// channel, as long as no code that is not in view has been given it, and nothing was sent.

// closedPath is the path behind a channel at which that stands.
const closedPath = ".closed"

// isSignal reports whether a type is that of channels on which nothing is told.
func isSignal(t types.Type) bool {
	ch, ok := types.Unalias(t).Underlying().(*types.Chan)
	if !ok {
		return false
	}
	s, isStruct := coreStruct(ch.Elem())
	return isStruct && s.NumFields() == 0
}

// makeSignal makes such a channel.
func (m *machine) makeSignal(st *state, v *ssa.MakeChan) value {
	s := m.fresh(st, v, "")
	st.learn(s.id, fact{nilness: isNotNil})
	at, _ := m.pointee(s)
	st.heap[loc{at.cell, closedPath}] = boolVal(false)
	return s
}

// closedFlag returns whether a channel is closed, where that is followed: of the arguments of
// a function, its callers may know.
func (m *machine) closedFlag(st *state, ch value) (flag value, at loc, ok bool) {
	s, isSym := ch.(symVal)
	if !isSym {
		return nil, loc{}, false
	}
	p, _ := m.pointee(s)
	at = loc{p.cell, closedPath}
	if flag, ok = st.heap[at]; ok {
		return flag, at, true
	}
	if m.ob.call != nil || !m.ofParam(s.id) {
		return nil, at, false
	}
	return m.read(st, addr(at), types.Typ[types.Bool], 1), at, true
}

// closeSignal closes a channel. It reports false where that has been done before, which
// panics.
func (m *machine) closeSignal(st *state, ch value, typ types.Type) bool {
	if !isSignal(typ) {
		return true
	}
	flag, at, ok := m.closedFlag(st, ch)
	if !ok {
		return true
	}
	st.heap[at] = boolVal(true)
	return st.assume(flag, false)
}

// askSignals splits a path that asks, by a select with a default, which channels are closed.
// Have: select { case <-c.done: return nil; default: close(c.done); return c.tx.Rollback() }
func (m *machine) askSignals(st *state, v *ssa.Select, index value) []*state {
	all := []*state{st}
	for i, s := range v.States {
		if v.Blocking || s.Dir == types.SendOnly || !isSignal(s.Chan.Type()) {
			continue
		}
		var both []*state
		for _, open := range all {
			flag, _, ok := m.closedFlag(open, m.eval(open, s.Chan))
			if !ok {
				both = append(both, open)
				continue
			}
			closed := open.clone()
			isReady := m.compare(open, tokenEQL, index, intVal(int64(i)))
			if open.assume(flag, false) && open.assume(isReady, false) {
				both = append(both, open)
			}
			if len(v.States) > 1 { // another one may be ready as well
				isReady = closed.negate(m.compare(closed, tokenEQL, index, intVal(-1)))
			}
			if closed.assume(flag, true) && closed.assume(isReady, true) {
				both = append(both, closed)
			}
		}
		all = both
	}
	return all
}

// letGo forgets of the channels that values lead to whether they are closed: somebody else
// has them now.
func (m *machine) letGo(st *state, values ...value) {
	for _, at := range m.signalsOf(st, values...) {
		delete(st.heap, at)
	}
}

// signalsOf returns where it stands of the channels that values lead to whether they are
// closed.
func (m *machine) signalsOf(st *state, values ...value) (places []loc) {
	hasAny := false
	for l := range st.heap {
		hasAny = hasAny || l.path == closedPath
	}
	if !hasAny {
		return nil
	}
	for _, v := range values {
		m.reaches(st, v, func(v value) bool {
			if s, ok := v.(symVal); ok {
				at := loc{m.cellBehind(s.id), closedPath}
				if _, known := st.heap[at]; known {
					places = append(places, at)
				}
			}
			return false
		})
	}
	return places
}
