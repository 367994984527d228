package txflow

import (
	"fmt"
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/property"
)

// Bounds of the analysis. Each errs quiet: a path that is not followed is no finding.
const (
	// maxSteps bounds the work for one obligation, in instructions executed; what
	// is copied along an edge counts as well. It is about a second's worth.
	maxSteps = 200_000
	// summarySteps is maxSteps for what a function does to a transaction that it is given:
	// many are asked about for one obligation.
	summarySteps = 20_000
	// valueSteps is maxSteps where no transaction is in sight. What takes longer has
	// more outcomes than a summary keeps.
	valueSteps = 1_000
	// maxDisjuncts is how many states with one transaction state a block keeps apart.
	maxDisjuncts = 24
	// maxDepth bounds the calls that are followed inside one another, the function
	// itself being the first.
	maxDepth = 7
	// maxFields bounds the fields of a struct that is followed by value.
	maxFields = 64
	// maxNesting bounds structs within structs that are followed by value.
	maxNesting = 3
)

// A machine runs one function over all its paths, for the sake of one obligation.
type machine struct {
	flow *flow
	root *ssa.Function
	ob   *obligation

	syms    []symInfo // by symID; 0 is nobody
	symIDs  map[symKey]symID
	cells   []cellInfo // by cellID
	cellIDs map[cellKey]cellID
	ctxs    map[ctxKey]ctxID

	steps  int
	limit  int             // of steps
	now    ssa.Instruction // the one being executed
	capped string          // the bound that was hit

	// ahead are the blocks of the root function behind whose ends the obligation's call may
	// be reached, nil where paths are followed to their exits whether they can still leak
	// or not. Cut is set once one was not.
	ahead map[*ssa.BasicBlock]bool
	cut   bool
	// keepParams: what is known of the arguments is kept to the exits.
	keepParams bool
	// born is the argument that the Begin made a transaction of.
	born *Spot
	// ctx is the argument that is the context of the Begin.
	ctx *Spot
	// subject is the place at which the transaction is brought in, if it is.
	subject *Spot
	// others are further Begins that the obligation's call leads to while its
	// transaction is open.
	others []site
	// inductive: a recursive call is taken to do nothing to the transaction.
	inductive bool
	// begun is set once any path has opened the transaction.
	begun bool
	// finishes is set once any path has finished the transaction, commits once one
	// may have committed it.
	finishes, commits bool
	// later is set once something may have finished the transaction that runs when the
	// function has returned, or beside it.
	later bool
	// beside is set once a goroutine is found to leave the transaction open at times, and to
	// end it at others: the function cannot tell which.
	beside bool
	// foreign is set once the obligation's call has come back with what may be
	// another transaction, and no error.
	foreign bool
	// outer is set once a path has stored the transaction in memory of the caller,
	// or in a variable that a function literal captured.
	outer bool
	// lapses are the paths on which a Begin is reached while its earlier
	// transaction is open.
	lapses []lapse
	// written are the kinds of the memory that was stored to, see addrKey.
	written map[loc]string
	// loads are the symbols that stand for memory, readOfs those that were read of
	// others, see readOf, and ends the errors of contexts, see endOf.
	loads, readOfs, ends []symID
}

type (
	ctxID  int32
	ctxKey struct {
		parent ctxID
		call   ssa.Instruction
	}
	symKey struct {
		v   ssa.Value
		ctx ctxID
		sub string
	}
	symInfo struct {
		symKey
		root cellID // the cell it was first read from, for symbols of memory
		path string
		mem  string   // what kind of memory, see memKey
		deps [2]symID // the operands, for symbols of relations
		// external: the value belongs to the caller, or lives longer than the call.
		external bool
		rereads  bool   // memory that is read more than once
		depth    int    // how many operations it is the result of, one on the other
		key      string // the constant key, for what a map has for one
		text     symID  // the text, for the length of one
		// of is the value whose contents it tells or leads to: what happens to that
		// may change them. 0 if there is none.
		of      symID
		owner   symID // what ends with it ends this transaction, of another obligation, as well
		made    bool  // a new object, which nothing else leads to
		madeAll bool  // and so is what its fields point to
		carried bool  // what a context carries that carries the transaction
		given   bool  // a context that was given the transaction, see inContext
		guess   bool  // what may hold the transaction, or something else that it was used for
	}
	cellKey struct {
		v    ssa.Value // an Alloc or a Global, nil where root is set
		ctx  ctxID
		root symID // the pointer that leads to the cell
	}
	cellInfo struct {
		cellKey
		external bool
	}
)

// A lapse is a path that reaches a Begin, at instr, while a transaction is open.
type lapse struct {
	st    *state
	instr ssa.CallInstruction
	// again: it is the same Begin, in a loop.
	again bool
}

// An exitKind says how an activation ends.
type exitKind uint8

const (
	returned  exitKind = iota
	recovered          // a panic that a deferred call of the same function recovered
	designed           // a panic that a framework recovers by design
	panicked
)

// An exit is one way out of a function, after its deferred calls have run.
type exit struct {
	kind    exitKind
	instr   ssa.Instruction // the return, panic or call that led out
	results []value
	st      *state
	// byDesign: what was recovered is a panic that a framework recovers as well.
	byDesign bool
}

func newMachine(f *flow, root *ssa.Function, ob *obligation) *machine {
	return &machine{
		flow: f, root: root, ob: ob, limit: maxSteps,
		syms: make([]symInfo, 1), symIDs: make(map[symKey]symID), written: make(map[loc]string),
		cells: make([]cellInfo, 1), cellIDs: make(map[cellKey]cellID),
		ctxs: make(map[ctxKey]ctxID),
	}
}

// entry returns the state in which the root function starts: nothing is known of
// its parameters.
func (m *machine) entry() *state {
	st := &state{heap: make(map[loc]value), facts: make(map[symID]fact)}
	fr := m.newFrame(m.root)
	for _, p := range m.root.Params {
		fr.regs[p] = m.symbol(symKey{v: p}, symInfo{external: true})
	}
	for _, v := range m.root.FreeVars {
		s := m.symbol(symKey{v: v}, symInfo{external: true})
		fr.regs[v] = s
		st.facts[s.id] = fact{nilness: isNotNil} // the address of a captured variable
		if known := capturedValue(v); known != nil {
			st.heap[loc{cell: m.cell(cellKey{root: s.id}, true)}] = known
		}
	}
	st.push(fr)
	return st
}

// newFrame returns an activation of fn without any values.
func (m *machine) newFrame(fn *ssa.Function) *frame {
	return &frame{fn: fn, regs: make(map[ssa.Value]value), numbers: m.flow.info(fn).numbers}
}

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
	var exits []exit
	seen := make(map[string]bool)
	depth := len(start.State.frames)
	emit := func(e exit) {
		if depth > 1 || e.st.uncertain() { // for the caller, equal states are one
			suffix := e.suffix(depth == 1)
			for other, whole, ok := e.st.Halve(); ok && seen[other.Key()+suffix]; other, whole, ok = e.st.Halve() {
				e.st = whole
			}
			key := e.st.Key() + suffix
			if seen[key] {
				return
			}
			seen[key] = true
		}
		exits = append(exits, e)
	}
	step := func(v visit) []visit { return m.block(v.Node, v.State.clone(), emit) }
	stop := func() bool { return m.capped != "" }
	property.Run([]visit{start}, step, stop, property.Limits{Disjuncts: maxDisjuncts})
	return withoutHalves(exits, depth == 1)
}

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
		if m.steps++; m.steps > m.limit {
			m.capped = "steps"
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
	for i, way := range []bool{true, false} {
		if known && truth != way {
			continue
		}
		s := st
		if !known && way {
			s = st.clone()
		}
		if known || s.take(instr, v, way) && m.imply(s, v) {
			s.trail = &step{prev: s.trail, kind: stepBranch, instr: instr, taken: way, depth: len(s.frames), forced: known}
			next = append(next, m.edge(s, b, i))
		}
	}
	return next
}

// edge moves a state, which must be owned, along successor i of block b: it evaluates
// the phis and forgets what nothing reads any more.
func (m *machine) edge(st *state, b *ssa.BasicBlock, i int) visit {
	to := b.Succs[i]
	fr := st.top()
	m.steps += (len(fr.regs) + len(st.heap) + len(st.facts)) / 8
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
	var known map[token.Pos]bool
	if isBack {
		known = idleConds(st, b)
	}
	info := m.flow.info(to.Parent())
	maps.DeleteFunc(fr.regs, func(r ssa.Value, _ value) bool {
		phi, isPhi := r.(*ssa.Phi)
		return !info.liveIn[to][r] && !info.pinned[r] && !(isPhi && phi.Block() == to)
	})
	if isBack {
		m.goRound(st, b, i, to, known)
	}
	m.collect(st)
	return visit{Node: point{to, 0}, State: st}
}

// goRound notes that a path takes edge i of block b back to the head of a loop, or
// leaves the body of a range over a function, with nil for the head.
func (m *machine) goRound(st *state, b *ssa.BasicBlock, i int, head *ssa.BasicBlock, known map[token.Pos]bool) {
	if st.tx == open && sourceFunc(b.Parent()) == m.root && m.ob.call != nil && m.again(m.ob.call) {
		st.round = m.way(st.round, b, i, known)
	}
	last := b.Instrs[len(b.Instrs)-1]
	st.trail = &step{prev: st.trail, kind: stepBack, instr: last, block: head, depth: len(st.frames), known: known}
}

// idleConds are the conditions in a block that are known and that nothing reads: the
// SSA builder leaves out a branch both ways of which lead to the same block.
func idleConds(st *state, b *ssa.BasicBlock) (known map[token.Pos]bool) {
	for _, instr := range b.Instrs {
		v, ok := instr.(ssa.Value)
		if !ok || v.Referrers() == nil || len(*v.Referrers()) > 0 {
			continue
		}
		pos := v.Pos()
		if x, ok := v.(*ssa.Extract); ok {
			pos = x.Tuple.Pos() // of v, ok := x.(T)
		}
		if truth, ok := st.decide(st.top().regs[v]); ok && pos.IsValid() {
			if known == nil {
				known = make(map[token.Pos]bool)
			}
			known[pos] = truth
		}
	}
	return known
}

// way names the edge from b to a loop's head, its successor i, unless the path has gone
// round with the transaction before: it was forgotten then. Where the branch that led
// there is left out, what it would decide tells ways apart.
func (m *machine) way(before string, b *ssa.BasicBlock, i int, known map[token.Pos]bool) string {
	if before != "" {
		return before
	}
	way := fmt.Sprintf("r%d.%d.%d", b.Parent().Pos(), b.Index, i)
	for _, pos := range slices.Sorted(maps.Keys(known)) {
		way += fmt.Sprintf(".%d%v", pos, known[pos])
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

// eval returns what a path knows of an SSA value.
func (m *machine) eval(st *state, v ssa.Value) value {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil {
			return constVal{v.Value}
		}
		return zero(v.Type(), maxNesting)
	case *ssa.Function:
		return fnVal{fn: v}
	case *ssa.Global:
		return addr{cell: m.cell(cellKey{v: v}, true)}
	case *ssa.Builtin:
		return top{}
	}
	if w, ok := st.top().regs[v]; ok {
		return w
	}
	return m.symbol(symKey{v: v, ctx: st.top().ctx}, symInfo{})
}

// set binds the result of an instruction.
func (st *state) set(r ssa.Value, v value) { st.top().regs[r] = v }
