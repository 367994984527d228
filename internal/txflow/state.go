package txflow

import (
	"cmp"
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A txState is where the transaction of an obligation stands on a path.
type txState uint8

const (
	unborn     txState = iota // not opened, or opening it failed
	open                      // somebody in this call must finish it
	finished                  // Commit, Rollback or another finisher was called
	handedOver                // somebody else must finish it now
	unknown                   // the analysis lost it; never a finding
)

// A state is everything that one path knows at one point. It is immutable once it
// has been handed to the simulation; a step works on clones.
type state struct {
	of     *machine // which follows the path
	tx     txState
	frames []*frame // the function under analysis and the calls being followed inside it
	heap   map[loc]value
	facts  map[symID]*fact // none of which changes
	// beginErr is what a failed Begin left in the handle (gorm's tx.Error).
	beginErr nilness
	// ctx is the cancellable context that the transaction was begun with.
	ctx symID
	// owner is the value whose own end ends the transaction as well.
	owner symID
	// nested counts the Begins on the transaction itself that each take a finish of
	// their own before the next one ends it.
	nested int
	// denied are conditions that the opening call did not meet: finishers that ask
	// for them do not end this transaction.
	denied []protocol.ArgIs
	// round is the edge along which the path last went round a loop with the
	// transaction open: each such way is reported.
	round string
	// idle are the conditions along that edge which no branch asks for, see knownOf.
	idle map[token.Pos]value
	// gathered is how the path came to Begin again while a container held the
	// transaction.
	gathered *lapse
	// bornAt is the Begin that opened the transaction.
	bornAt site
	// blurred are symbols about which a join lost something; a path that goes on
	// to branch on one may be infeasible and is vague.
	blurred map[symID]bool
	vague   bool
	// mislaid: a join has lost what leads to the transaction.
	mislaid bool
	// doubts are branches of which nobody knows which way the path takes them.
	doubts []doubt
	// answer is what a function value that begins has last returned as its error to code
	// that is not in view, while the call of that is followed.
	answer nilness
	// kept: somebody who is not the caller has been handed the transaction.
	kept bool
	// entrusted: the transaction has been given to a function value, or to a method of an
	// interface, that is not followed.
	entrusted trust
	// split is an error by which a call has told its outcomes apart before anybody asked.
	split symID
	trail *step
	// settled is what took the transaction out of this function's hands, nil while
	// nothing has.
	settled *settlement
}

// A loc is a place in memory: a field path below a cell, "" for all of it.
type loc struct {
	cell cellID
	path string
}

func compareLoc(x, y loc) int {
	return cmp.Or(cmp.Compare(x.cell, y.cell), cmp.Compare(x.path, y.path))
}

// A frame is one function activation. Frames are shared between states; own
// makes the top one writable.
type frame struct {
	fn     *ssa.Function
	ctx    ctxID
	repeat bool // the activation may run more than once on a path
	regs   map[ssa.Value]value
	// numbers tells the registers of the function apart.
	numbers map[ssa.Value]int
	defers  []deferred
	// pinned is a function value that unknown code, called here, may run again.
	pinned value
	// unwinding is set while the deferred calls run because of a panic.
	unwinding bool
	// deferred is set in the frame of a deferred call: recover() works there.
	deferred bool
	// by is the call that the activation comes from, nil for the root.
	by ssa.Instruction
}

// A deferred is one deferred call with the values it was given.
type deferred struct {
	instr ssa.CallInstruction
	fun   value
	args  []value
}

// same reports whether two paths have deferred the same call with the same values.
func (d deferred) same(other deferred) bool {
	return d.instr == other.instr && same(d.fun, other.fun) && slices.EqualFunc(d.args, other.args, same)
}

func (st *state) top() *frame { return st.frames[len(st.frames)-1] }

// clone returns a state whose maps and top frame may be changed.
func (st *state) clone() *state {
	c := *st
	c.heap = maps.Clone(st.heap)
	c.facts = maps.Clone(st.facts)
	c.frames = slices.Clone(st.frames)
	c.own(len(c.frames) - 1)
	return &c
}

// own makes frame i writable, in a state whose frames slice is its own.
func (st *state) own(i int) *frame {
	f := *st.frames[i]
	f.regs = maps.Clone(f.regs)
	f.defers = slices.Clip(f.defers)
	st.frames[i] = &f
	return &f
}

// push enters a function; pop leaves it.
func (st *state) push(f *frame) { st.frames = append(slices.Clip(st.frames), f) }

func (st *state) pop() {
	st.frames = st.frames[: len(st.frames)-1 : len(st.frames)-1]
	st.own(len(st.frames) - 1)
}

// substitute rewrites every value that the path holds.
func (st *state) substitute(f func(value) value) {
	for i := range st.frames {
		st.substituteIn(i, f)
	}
	for l, v := range st.heap {
		if w, changed := rewrite(v, f); changed {
			st.heap[l] = w
		}
	}
}

// substituteIn rewrites the values of frame i, which stays shared if none changes.
func (st *state) substituteIn(i int, f func(value) value) {
	fr, owned := st.frames[i], false
	own := func() *frame {
		if !owned {
			fr, owned = st.own(i), true
		}
		return fr
	}
	if fr.pinned != nil {
		if v, changed := rewrite(fr.pinned, f); changed {
			own().pinned = v
		}
	}
	for r, v := range st.frames[i].regs {
		if w, changed := rewrite(v, f); changed {
			own().regs[r] = w
		}
	}
	for j, d := range st.frames[i].defers {
		args, argsChanged := rewriteAll(d.args, f)
		fun, funChanged := rewrite(d.fun, f)
		if argsChanged || funChanged {
			fr := own()
			fr.defers = slices.Clone(fr.defers)
			fr.defers[j] = deferred{d.instr, fun, args}
		}
	}
}

// Property implements property.State: ESP keeps the states of the transaction apart.
func (st *state) Property() string {
	b := []byte{'0' + byte(st.tx), '0', '0'}
	if st.uncertain() {
		b[1] = '1'
	}
	if len(st.frames) > 0 && st.top().unwinding {
		b[2] = '1'
	}
	return string(b)
}

// Join implements property.State: it keeps what both paths know, and remembers
// about which symbols they differ.
func (st *state) Join(other *state) *state {
	if len(st.frames) != len(other.frames) {
		return st // the frames of one node agree; else keep quiet
	}
	j := st.clone()
	j.blurred = maps.Clone(st.blurred)
	if j.blurred == nil {
		j.blurred = make(map[symID]bool)
	}
	maps.Copy(j.blurred, other.blurred)
	if j.beginErr != other.beginErr {
		j.beginErr = maybeNil
	}
	if j.ctx != other.ctx {
		j.ctx = 0
	}
	j.kept, j.entrusted = j.kept || other.kept, j.entrusted|other.entrusted
	if j.split != other.split {
		j.split = 0
	}
	if j.owner != other.owner {
		j.owner = 0
	}
	if !slices.Equal(j.denied, other.denied) || j.nested != other.nested || !slices.Equal(j.doubts, other.doubts) {
		j.vague = true
	}
	j.vague, j.mislaid = j.vague || other.vague, j.mislaid || other.mislaid
	for i := range j.frames {
		f, g := j.own(i), other.frames[i]
		for r, v := range f.regs {
			if w, ok := g.regs[r]; !ok || !same(v, w) {
				f.regs[r] = j.blur(other, v, w)
			}
		}
		if !slices.EqualFunc(f.defers, g.defers, deferred.same) {
			j.tx, j.vague = unknown, true
			j.settled = &settlement{why: "two paths that have deferred different calls meet"}
		}
	}
	for l, v := range j.heap {
		if w, ok := other.heap[l]; !ok || !same(v, w) {
			j.heap[l] = j.blur(other, v, w)
		}
	}
	for l, w := range other.heap {
		if _, ok := st.heap[l]; !ok {
			j.heap[l] = j.blur(other, nil, w)
		}
	}
	for s, f := range j.facts {
		if f == other.facts[s] && !f.empty() {
			continue
		}
		g, lost := f.join(other.fact(s))
		if lost {
			j.blurred[s] = true
		}
		j.setFact(s, g)
		if g.empty() {
			delete(j.facts, s)
		}
	}
	for s := range other.facts {
		if _, ok := st.facts[s]; !ok {
			j.blurred[s] = true
		}
	}
	return j
}

// blur joins two different values. A branch on the result is vague; so is every
// path on which it is uncertain what the transaction can be finished through.
func (st *state) blur(other *state, v, w value) value {
	if v != nil && st.of.holds(st, v) || w != nil && st.of.holds(other, w) {
		st.vague, st.mislaid = true, true
	}
	return lost{}
}
