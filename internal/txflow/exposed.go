package txflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Objects and variables that somebody else has been given before a transaction is stored in
// them: a list or a map that outlives the call, or a function that will end what it finds.
// Have: var tx *sql.Tx; t.Cleanup(func() { tx.Rollback() }); tx, err = db.Begin()

// beyond is the cell that stands for all that others have been given.
func (m *machine) beyond() cellID { return m.cell(cellKey{ctx: -1}, true) }

// expose notes that others have been given a value, if that leads to memory of the function's
// own.
func (m *machine) expose(st *state, v value) {
	if !m.reaches(st, v, func(v value) bool {
		a, ok := v.(addr)
		return ok && !m.cells[a.cell].external
	}) {
		return
	}
	st.heap[loc{m.beyond(), "[" + keyOf(v) + "]"}] = v
}

// exposeGiven notes what a callee that is not followed may keep: functions that end what they
// find, and objects of which its name says that it keeps them.
// Have: closers.Add(w.stop); workers.Store(id, w)
func (m *machine) exposeGiven(st *state, c *call) {
	for _, a := range c.args {
		m.exposeEnder(st, a)
		if _, isObject := a.(boxed); isObject && soundsLikeSetter(c.name) && !m.holds(st, a) {
			m.expose(st, a)
		}
	}
}

// exposeEnder is expose for a function, if that may end what it finds when it is called. The
// body of a range over a function is not called any more after the loop.
func (m *machine) exposeEnder(st *state, v value) {
	if f, ok := unbox(v).(fnVal); ok && len(f.bind) > 0 && !isRangeBody(f.fn) && m.flow.mentionsEnd(f.fn) {
		m.expose(st, f)
	}
}

// bindsOther reports whether a function has a variable with another transaction in it: a
// goroutine ends that one, and hardly what is stored there later.
func (m *machine) bindsOther(st *state, v value) bool {
	f, ok := v.(fnVal)
	return ok && slices.ContainsFunc(f.bind, func(v value) bool {
		a, isAddr := v.(addr)
		if !isAddr {
			return false
		}
		s, isSym := st.heap[loc(a)].(symVal)
		return isSym && st.fact(s.id).of.tx
	})
}

// isExposed reports whether others have been given what leads to a cell.
func (m *machine) isExposed(st *state, c cellID) bool {
	beyond := m.beyond()
	return m.isReachedFrom(st, c, func(from cellID) bool { return from == beyond })
}

// mentionsEnd reports whether a function calls something that ends transactions, as far as
// names and facts tell.
func (f *flow) mentionsEnd(fn *ssa.Function) bool {
	mentions, known := f.mentions[fn]
	if !known {
		mentions = f.findEnd(fn)
		f.mentions[fn] = mentions
	}
	return mentions
}

func (f *flow) findEnd(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			obj := calleeObject(call.Common())
			if obj == nil {
				continue
			}
			if protocol.NamesEnd(obj.Name()) || obj.Signature().Recv() != nil && !call.Common().IsInvoke() && f.endsItself(obj) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, f.mentionsEnd)
}
