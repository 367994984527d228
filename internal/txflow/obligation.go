package txflow

import (
	"bytes"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// An obligation is the duty that one call creates: whoever made it must see to it
// that the transaction is finished.
type obligation struct {
	fn   *ssa.Function // the function that owes it
	call *ssa.Call     // the Begin, or the call of a function that begins
	// open is the protocol of the Begin; it is set when the Begin is reached, for
	// a call of a function that begins.
	open *protocol.Open
	// external: the Begin made a transaction of a value that belongs to the caller
	// (o.Begin() on a parameter).
	external bool
	// origin is the Begin itself, where call only leads to it.
	origin ssa.CallInstruction
	held   holding
	// before is the way to the calls of the function that begin, nil if it is not shared.
	before *approach
	// only is the one Begin, of those that call leads to, that counts; zero for any.
	only site
	// which of the transactions that a function of another package begins it is.
	which int
	// wrapped are the calls through which a function of another package leads to the
	// Begin; nil if it is none of another package.
	wrapped []Opening
	// ctx is the parameter of that function that is its context, nil if there is none.
	ctx *Spot
}

// A site is a call as a path comes to it: the calls being followed, outermost
// first, and the call itself. One helper that is called twice has two sites.
type site [maxDepth + 1]ssa.CallInstruction

func siteOf(st *state, instr ssa.CallInstruction) (at site) {
	n := 0
	for _, f := range st.frames[1:] {
		if by, ok := f.by.(ssa.CallInstruction); ok && n < maxDepth {
			at[n] = by
			n++
		}
	}
	at[n] = instr
	return at
}

func (at site) key(b *bytes.Buffer) {
	for _, call := range at {
		if call == nil {
			return
		}
		writeID(b, 'b', int(call.Pos()))
	}
}

// isSavepoint reports whether the obligation is about a part of a transaction that
// another one is about: it holds nothing, and ends with that.
func (ob *obligation) isSavepoint() bool { return ob.is(protocol.Savepoint) }

// is reports whether the obligation is known to be about such a thing.
func (ob *obligation) is(level protocol.Level) bool { return ob.open != nil && ob.open.Level == level }

// isOneRequest reports whether the transaction has no name and serves for one request,
// where the server keeps something only between requests: a query keeps nothing, and
// a mutation says itself that it commits.
// Have: client.NewTxn().Mutate(ctx, &api.Mutation{CommitNow: true})
func (ob *obligation) isOneRequest() bool {
	if !ob.is(protocol.Soft) || ob.open.Holds != "server-state" || ob.origin != ssa.CallInstruction(ob.call) {
		return false
	}
	refs := *ob.call.Referrers()
	if len(refs) != 1 {
		return false
	}
	request, ok := refs[0].(*ssa.Call)
	return ok && len(request.Call.Args) > 0 && request.Call.Args[0] == ssa.Value(ob.call)
}

// errField reports whether a field of the handle is where the protocol keeps the
// error of the Begin.
func (ob *obligation) errField(path string) bool {
	e := ob.open.Err
	return e.Kind == protocol.OfHandle && strings.Join(e.Path, ".") == strings.TrimPrefix(path, ".")
}

func (m *machine) isHandleType(t types.Type) bool {
	return m.flow.protocols.Handle(t) != nil
}

// becomeTx makes a transaction of a value that a Begin was called on.
func (m *machine) becomeTx(st *state, v value) {
	switch v := v.(type) {
	case symVal:
		m.ob.external = m.ob.external || m.isOutside(v.id)
		if at, ok := m.spotOf(v.id); ok {
			m.born = &at
		}
		st.substitute(func(w value) value {
			if s, ok := w.(symVal); ok && s.id == v.id {
				return handle{}
			}
			return nil
		})
		m.becomeTxIn(st, v.id)
	case boxed, addr:
		old := keyOf(v)
		st.substitute(func(w value) value {
			if keyOf(w) == old {
				return handle{}
			}
			return nil
		})
	case nonNil, top, lost:
		st.tx = unknown
		m.settled(st, "the value that it was begun on cannot be followed")
	}
}

// isOutside reports whether a symbol is what the function got from outside, or was read from
// that.
// Have: tables[id].tx.Begin(), with a table of the package
func (m *machine) isOutside(s symID) bool {
	for ways := maxWays; s != 0 && ways > 0; ways-- {
		info := &m.syms[s]
		if info.external || info.root != 0 && m.cells[info.root].external {
			return true
		}
		if s = m.cells[info.root].root; s == 0 {
			s = info.deps[0]
		}
	}
	return false
}

// becomeTxIn makes a transaction of what is still in the places that a symbol was
// read from, and that nothing has been stored to.
// Have: s.o.Begin(), where s is the caller's
func (m *machine) becomeTxIn(st *state, id symID) {
	info := &m.syms[id]
	if at := (loc{info.root, info.path}); info.root != 0 && !st.stored(at) {
		st.heap[at] = handle{}
	}
	whole := info.deps[0]
	path, isField := strings.CutPrefix(info.sub, "/"+strconv.Itoa(int(whole)))
	if !isField {
		return
	}
	var fields []loc
	for at, v := range st.heap {
		if s, ok := v.(symVal); ok && s.id == whole {
			fields = append(fields, loc{at.cell, at.path + path})
		}
	}
	for _, at := range fields {
		if _, ok := st.heap[at]; !ok {
			st.heap[at] = handle{}
		}
	}
}

// stored reports whether the path has stored to a place, or to all around it.
func (st *state) stored(at loc) bool {
	for {
		if _, ok := st.heap[at]; ok || at.path == "" {
			return ok
		}
		at.path = at.path[:strings.LastIndexAny(at.path, ".[")]
	}
}

// forget severs what an earlier transaction of the same Begin was known by.
func (m *machine) forget(st *state) {
	for id, f := range st.facts {
		if f.of.view {
			st.carry(id, func(of *carried) { of.view = false })
		}
	}
	st.substitute(func(w value) value {
		if isHandle(w) {
			return nonNil{}
		}
		return nil
	})
}

// overwrites reports whether a call begins another transaction in the variable that
// is all that leads to the open one.
func (m *machine) overwrites(st *state, call *ssa.Call, result value) bool {
	if st.tx != open || m.ob.call == nil || call == m.ob.call || call.Parent() != m.ob.call.Parent() {
		return false
	}
	src := m.flow.source(m.root)
	mine := src.object(src.target(src.callOf(m.ob.call), 0))
	if mine == nil || mine != src.object(src.target(src.callOf(call), 0)) || !m.flow.isBegin(call) {
		return false
	}
	without := st.clone()
	for _, r := range *call.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == 0 {
			for _, r := range *x.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Val == ssa.Value(x) {
					if a, ok := m.eval(st, s.Addr).(addr); ok {
						delete(without.heap, loc(a))
					}
				}
			}
		}
	}
	return !m.reachable(without, result)
}
