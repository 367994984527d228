package txflow

import (
	"fmt"
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/property"
)

// How paths go through the blocks of a function, and where they meet.

// run follows the top frame of st from its function's entry to its exits.
func (m *machine) run(st *state) []exit {
	fn := st.top().fn
	return m.runFrom(visit{Node: point{fn.Blocks[0], 0}, State: st})
}

// A point is a place between two instructions of a function: the start of a block, or
// where the paths through it have parted.
type point struct {
	b *ssa.BasicBlock
	i int // the next instruction
}

type visit = property.Visit[point, *state]

func (m *machine) runFrom(start visit) []exit {
	out := newWayOut(len(start.State.frames))
	property.Run([]visit{start}, m.stepper(out.emit), m.isCapped, m.disjuncts(len(start.State.frames)))
	return out.all()
}

// stepper follows the visits of a run.
func (m *machine) stepper(emit func(exit)) func(visit) []visit {
	return func(v visit) []visit {
		st := v.State
		if v.Kept {
			st = st.clone()
		}
		st.of = m
		return m.block(v.Node, st, emit)
	}
}

func (m *machine) isCapped() bool { return m.capped != "" }

// A wayOut collects the exits of a run, with so many frames.
type wayOut struct {
	depth int
	exits []exit
	seen  map[string]bool
}

func newWayOut(depth int) *wayOut { return &wayOut{depth: depth, seen: make(map[string]bool)} }

func (w *wayOut) emit(e exit) {
	if w.depth > 1 || e.st.uncertain() { // for the caller, equal states are one
		suffix := e.suffix(w.depth == 1)
		for other, whole, ok := e.st.Halve(); ok && w.seen[other.Key()+suffix]; other, whole, ok = e.st.Halve() {
			e.st = whole
		}
		key := e.st.Key() + suffix
		if w.seen[key] {
			return
		}
		w.seen[key] = true
	}
	w.exits = append(w.exits, e)
}

func (w *wayOut) all() []exit { return withoutHalves(w.exits, w.depth == 1) }

// maxTogether is how many paths of one block are followed without looking whether they
// are the same by now: few blocks have more, and looking costs more than following them.
const maxTogether = 4

// block executes a block from a point on, and returns where its paths go on. The state
// must be owned.
func (m *machine) block(at point, st *state, emit func(exit)) (next []visit) {
	parted := false
	for work := []visit{{Node: at, State: st}}; len(work) > 0; {
		v := work[0]
		work = work[1:]
		states, from, ends := m.together(v.Node, v.State, emit)
		next = append(next, ends...)
		parted = parted || len(work)+len(states) > maxTogether
		if parted {
			next = append(next, m.part(states, from)...)
			continue
		}
		for _, st := range states {
			work = append(work, visit{Node: from, State: st})
		}
	}
	return next
}

// together executes a block from a point on, as far as its paths stay together. It
// returns them where they part, or else where they go on in other blocks.
func (m *machine) together(at point, st *state, emit func(exit)) (states []*state, from point, next []visit) {
	b := at.b
	for i, instr := range b.Instrs[at.i:] {
		if len(st.frames) == 1 && m.isOver(st, b) {
			m.cut = true
			return nil, at, nil
		}
		if !m.work(1) {
			return nil, at, nil
		}
		m.now = instr
		var states []*state
		switch instr := instr.(type) {
		case *ssa.Phi:
			continue // evaluated on the edge
		case *ssa.If:
			return nil, at, m.branch(b, instr, st)
		case *ssa.Jump:
			return nil, at, []visit{m.edge(st, b, 0)}
		case *ssa.Return:
			m.leave(st, instr, emit)
			return nil, at, nil
		case *ssa.Panic:
			m.unwind(st, instr, m.panicKind(instr), emit)
			return nil, at, nil
		case *ssa.RunDefers:
			states = m.runDefers(st)
		case ssa.CallInstruction:
			for _, o := range m.callInstr(st, instr, at.i+i) {
				if o.end == returned {
					states = append(states, o.st)
				} else {
					m.unwind(o.st, o.at, o.end, emit)
				}
			}
		default:
			states = m.exec(st, instr)
		}
		if len(states) != 1 {
			return states, point{b, at.i + i + 1}, nil
		}
		st = states[0]
	}
	return nil, at, nil
}

// part lets paths go on by themselves from a point. Those between which only that
// makes a difference which nothing reads any more are one.
func (m *machine) part(states []*state, at point) (next []visit) {
	for _, st := range states {
		m.dropDead(st, at)
		m.collect(st)
		next = append(next, visit{Node: at, State: st})
	}
	return next
}

// branch decides an if, or follows both ways.
func (m *machine) branch(b *ssa.BasicBlock, instr *ssa.If, st *state) (next []visit) {
	v := m.eval(st, instr.Cond)
	truth, known := st.decide(v)
	if !known && m.hangsOnChoice(st, v) {
		v = lost{}
	}
	forced := known
	if m.asksSplit(st, instr.Cond) {
		forced, st.split = false, 0
	}
	for i, way := range []bool{true, false} {
		if known && truth != way {
			continue
		}
		s := st
		if !known && way {
			s = st.clone()
		}
		if known || s.take(instr, v, way) && m.imply(s, v) {
			s.trail = &step{prev: s.trail, kind: stepBranch, instr: instr, taken: way, depth: len(s.frames), forced: forced}
			next = append(next, m.edge(s, b, i))
		}
	}
	return next
}

// asksSplit reports whether a condition asks for the first time for what a call has told its
// outcomes apart by.
func (m *machine) asksSplit(st *state, v ssa.Value) bool {
	cmp, ok := v.(*ssa.BinOp)
	return ok && st.split != 0 && m.eval(st, cmp.X) == value(symVal{st.split})
}

// edge moves a state, which must be owned, along successor i of block b: it evaluates
// the phis and forgets what nothing reads any more.
func (m *machine) edge(st *state, b *ssa.BasicBlock, i int) visit {
	to := b.Succs[i]
	fr := st.top()
	m.count((len(fr.regs) + len(st.heap) + len(st.facts)) / 8)
	// The number of this edge among to's predecessors: both successors of an if
	// may be the same block.
	at, skip := 0, 0
	for j := range i {
		if b.Succs[j] == to {
			skip++
		}
	}
	for j, p := range to.Preds {
		if p == b {
			if skip == 0 {
				at = j
				break
			}
			skip--
		}
	}
	type binding struct {
		phi *ssa.Phi
		v   value
	}
	var phis []binding
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		phis = append(phis, binding{phi, m.eval(st, phi.Edges[at])})
	}
	for _, p := range phis {
		fr.regs[p.phi] = p.v
	}
	isBack := to.Dominates(b) || isLoopHead(to)
	var idle map[token.Pos]value
	if isBack {
		idle = idleConds(st, b)
	}
	info := m.flow.info(to.Parent())
	maps.DeleteFunc(fr.regs, func(r ssa.Value, _ value) bool {
		phi, isPhi := r.(*ssa.Phi)
		return !info.liveIn[to][r] && !info.pinned[r] && !(isPhi && phi.Block() == to)
	})
	if isBack {
		m.goRound(st, b, i, to, idle)
	}
	m.collect(st)
	return visit{Node: point{to, 0}, State: st}
}

// goRound notes that a path takes edge i of block b back to the head of a loop, or
// leaves the body of a range over a function, with nil for the head.
func (m *machine) goRound(st *state, b *ssa.BasicBlock, i int, head *ssa.BasicBlock, idle map[token.Pos]value) {
	last := b.Instrs[len(b.Instrs)-1]
	back := &step{prev: st.trail, kind: stepBack, instr: last, block: head, depth: len(st.frames), idle: idle}
	if st.tx == open && sourceFunc(b.Parent()) == m.root && m.ob.call != nil && m.again(m.ob.call) {
		if st.round == "" {
			st.round = m.way(st, b, i, idle)
		}
		if len(idle) > 0 && st.idle == nil && roundOf(back, m.ob.call.Block()) {
			st.idle = idle
		}
	}
	st.trail = back
}

// idleConds are the conditions in a block that nothing reads, by where they stand: the SSA
// builder leaves out a branch both ways of which lead to the same block.
func idleConds(st *state, b *ssa.BasicBlock) (idle map[token.Pos]value) {
	for _, instr := range b.Instrs {
		v, ok := instr.(ssa.Value)
		if !ok || v.Referrers() == nil || len(*v.Referrers()) > 0 {
			continue
		}
		pos := v.Pos()
		if x, ok := v.(*ssa.Extract); ok {
			pos = x.Tuple.Pos() // of v, ok := x.(T)
		}
		is := st.top().regs[v]
		truth, known := st.decide(is)
		if known {
			is = boolVal(truth)
		}
		if _, isCond := is.(cond); !pos.IsValid() || !known && !isCond {
			continue
		}
		if idle == nil {
			idle = make(map[token.Pos]value)
		}
		idle[pos] = is
	}
	return idle
}

// knownOf is what a path knows by now of the conditions that were idle where it went round a
// loop. What has been computed anew since then tells nothing: anything but what comes behind
// the Begin.
// Have: for … { if err != nil { return nil }; tx, err = db.Begin(); …; if err != nil { continue } }
func (m *machine) knownOf(st *state, idle map[token.Pos]value) map[token.Pos]bool {
	known := make(map[token.Pos]bool)
	for pos, v := range idle {
		if c, ok := v.(cond); ok && !m.isBehindBegin(c.x) {
			continue
		}
		if truth, ok := st.decide(v); ok {
			known[pos] = truth
		}
	}
	return known
}

// isBehindBegin reports whether the path must pass the Begin before a value is computed again.
func (m *machine) isBehindBegin(v value) bool {
	s, ok := v.(symVal)
	if !ok {
		return false
	}
	of, ok := m.syms[s.id].v.(ssa.Instruction)
	begin := m.ob.call
	if !ok || of.Parent() != begin.Parent() {
		return false
	}
	if b := begin.Block(); of.Block() == b {
		return slices.Index(b.Instrs, of) > slices.Index(b.Instrs, ssa.Instruction(begin))
	}
	return begin.Block().Dominates(of.Block())
}

// way names the edge from b to a loop's head, its successor i. Where the branch that led
// there is left out, what it would decide tells ways apart.
func (m *machine) way(st *state, b *ssa.BasicBlock, i int, idle map[token.Pos]value) string {
	way := fmt.Sprintf("r%d.%d.%d", b.Parent().Pos(), b.Index, i)
	for _, pos := range slices.Sorted(maps.Keys(idle)) {
		if truth, ok := st.decide(idle[pos]); ok {
			way += fmt.Sprintf(".%d%v", pos, truth)
		}
	}
	return way
}

// again reports whether the root function may come to a call of its own more than once.
func (m *machine) again(call *ssa.Call) bool {
	return m.repeats(call) || isRangeBody(call.Parent())
}

// isLoopHead reports whether the SSA builder made a block for the test or the post
// statement of a loop.
func isLoopHead(b *ssa.BasicBlock) bool {
	switch b.Comment {
	case "for.loop", "for.post", "rangeint.loop", "rangeindex.loop", "rangeiter.loop", "rangechan.loop", "yield-continue":
		return true
	}
	return false
}
