package txflow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A settlement is what took a transaction out of a function's hands on a path: a
// call that finished it, a store that handed it over, or something behind which the
// analysis lost it. It decides nothing; it answers the user who asks why.
type settlement struct {
	instr ssa.Instruction // nil where paths meet
	why   string          // "" for a finish
}

// finish ends the transaction.
func (m *machine) finish(st *state) { m.end(st, false) }

// end is finish where it may be known that the work is rolled back.
func (m *machine) end(st *state, undone bool) {
	if st.tx == open || st.tx == handedOver {
		st.tx = finished
		m.finishes, m.endsItself = true, true
		m.commits = m.commits || !undone
		m.settled(st, "")
		m.noteEnd(st, undone)
	}
}

// finishOne ends what was begun last: the transaction, or a part that is counted in it.
func (m *machine) finishOne(st *state, undone bool) {
	if st.tx == open && st.nested > 0 {
		st.nested--
		return
	}
	m.end(st, undone)
}

// handOver makes somebody else responsible for the transaction (T10).
func (m *machine) handOver(st *state, why string) {
	if st.tx == open {
		st.tx = handedOver
		m.settled(st, why)
	}
}

// keep is handOver to what outlives the call and is no object of the caller's: whoever
// is given the transaction beside that need not end it.
// Have: cleanups = append(cleanups, func() { tx.Rollback() }); return tx
func (m *machine) keep(st *state, why string) {
	if st.tx == open || st.tx == handedOver {
		m.handOver(st, why)
		st.kept = true
	}
}

// lose records that nothing more can be said of the transaction.
func (m *machine) lose(st *state, why string) {
	if st.tx == open {
		m.doubt(st)
		st.tx = unknown
		m.finishes, m.endsItself = true, true
		m.settled(st, why)
	}
}

// doubt notes that what becomes of the transaction is not certain behind the call of the
// root function that is being followed.
func (m *machine) doubt(st *state) {
	doubts := m.flow.result.Doubts
	if doubts == nil {
		return
	}
	if at := m.rootCall(st); at != nil {
		doubts[at.Pos()] = true
	}
}

// rootCall returns the instruction of the root function that is being followed.
func (m *machine) rootCall(st *state) ssa.Instruction {
	if len(st.frames) > 1 {
		return st.frames[1].by
	}
	return m.now
}

// noteEnd notes where the root function has ended the transaction, and whether that may have
// committed it.
func (m *machine) noteEnd(st *state, undone bool) {
	at := m.rootCall(st)
	if at == nil || !at.Pos().IsValid() {
		return
	}
	if m.endings == nil {
		m.endings = make(map[token.Pos]bool)
	}
	m.endings[at.Pos()] = m.endings[at.Pos()] || !undone
}

// settled notes where the state of the transaction changed: at the instruction
// being executed, or at the call that runs a wrapper without a place of its own.
func (m *machine) settled(st *state, why string) {
	instr := m.now
	for i := len(st.frames) - 1; i > 0 && instr != nil && isWrapper(instr.Parent()); i-- {
		instr = st.frames[i].by
	}
	st.settled = &settlement{instr, why}
}
