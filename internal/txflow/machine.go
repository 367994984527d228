package txflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/property"
)

// Bounds of the analysis. Each errs quiet: a path that is not followed is no finding.
const (
	// maxSteps bounds the work for one obligation, in instructions executed; what
	// is copied along an edge counts as well. It is about a second's worth.
	maxSteps = 60_000
	// summarySteps is maxSteps for what a function does to a transaction that it is given:
	// many are asked about for one obligation.
	summarySteps = 20_000
	// valueSteps is maxSteps where no transaction is in sight. What takes longer has
	// more outcomes than a summary keeps.
	valueSteps = 1_000
	// packageSteps is maxSteps for all that is followed in one package, and again for the
	// trials of its fixes. It is some twenty seconds' worth.
	packageSteps = 5_000_000
	// maxDisjuncts is how many states with one transaction state a block keeps apart.
	maxDisjuncts = 24
	// coarseDisjuncts is maxDisjuncts where paths are followed coarsely, as long as finely would
	// do: after that all but one are joined.
	coarseDisjuncts = 6
	// coarseSteps is maxSteps where paths are followed coarsely, and coarseSummarySteps is
	// summarySteps.
	coarseSteps        = 400_000
	coarseSummarySteps = 60_000
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
	symIDs  numbers[symKey, symID]
	cells   []cellInfo // by cellID
	cellIDs numbers[cellKey, cellID]
	ctxs    numbers[ctxKey, ctxID]

	// coarse: less is known of each path, so that more can be followed.
	coarse bool
	steps  int
	limit  int             // of steps
	now    ssa.Instruction // the one being executed
	marks  marks           // see collect
	capped string          // the bound that was hit

	// ahead are the blocks of the root function behind whose ends the obligation's call may
	// be reached, nil where paths are followed to their exits whether they can still leak
	// or not. Cut is set once one was not.
	ahead blocks
	cut   bool
	// keepParams: what is known of the arguments is kept to the exits.
	keepParams bool
	// born is the argument that the Begin made a transaction of.
	born *Spot
	// ctx is the argument that is the context of the Begin.
	ctx *Spot
	// stand is what is brought in as the transaction.
	stand value
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
	// endsItself is set once one has done so other than by what a function value, or a method
	// behind an interface, is named that was given the transaction.
	endsItself bool
	// tellsEach is set once a loop has left the end of the transaction to what it calls.
	tellsEach bool
	// toldAt are the exits behind such a loop.
	toldAt map[ssa.Instruction]bool
	// endings are where the root function has finished it on some path, true where it may
	// have been committed.
	endings map[token.Pos]bool
	// overlaps is set once anything has begun while the transaction was open.
	overlaps bool
	// later is set once something may have finished the transaction that runs when the
	// function has returned, or beside it.
	later bool
	// beside is set once a goroutine is found to leave the transaction open at times, and to
	// end it at others: the function cannot tell which.
	beside bool
	// choice are the types of the objects on which it hangs, by what they are, whether the
	// obligation's call begins, see choose.
	choice []types.Type
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
	// fieldKinds are those of fields of which an address was taken.
	fieldKinds map[loc]string
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
		rereads  bool // memory that is read more than once
		// asked is the type of what a function was asked about whose answer it is, nil if it is none.
		asked types.Type
		depth int    // how many operations it is the result of, one on the other
		by    masked // what was done to the bits of the operand, nothing if it is another operation
		key   string // the constant key, for what a map has for one
		text  symID  // the text, for the length of one
		// of is the value whose contents it tells or leads to: what happens to that
		// may change them. 0 if there is none.
		of      symID
		owner   symID // what ends with it ends this transaction, of another obligation, as well
		made    bool  // a new object, which nothing else leads to
		madeAll bool  // and so is what its fields point to
		carried bool  // what a context carries that carries the transaction
		given   bool  // a context that was given the transaction, see inContext
		beside  symID // the error that a call has yielded beside it, 0 if that is not known
		guess   bool  // what may hold the transaction, or something else that it was used for
		lent    bool  // of which that ends nothing by itself, see isIteration
		worked  bool  // and was made of it and of an error that is nil
		begun   bool  // another transaction, which was begun in view
		// ofAnother: what a call yields that was made on another transaction, see tellsOfAnother.
		ofAnother bool
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
		flow: f, root: root, ob: ob, limit: maxSteps, stand: handle{},
		syms: make([]symInfo, 1), symIDs: newNumbers[symKey, symID](), written: make(map[loc]string), fieldKinds: make(map[loc]string),
		cells: make([]cellInfo, 1), cellIDs: newNumbers[cellKey, cellID](),
		ctxs: newNumbers[ctxKey, ctxID](),
	}
}

// work counts n instructions, or what costs as much; it reports false once there were too
// many.
func (m *machine) work(n int) bool {
	m.count(n)
	switch {
	case m.flow.isSpent():
		m.capped = "steps of the package"
	case m.steps > m.limit:
		m.capped = "steps"
	}
	return m.capped == ""
}

// disjuncts is how many states with one transaction state a block keeps apart from now on,
// of a function so many calls deep.
func (m *machine) disjuncts(depth int) property.Bound {
	return func() int {
		switch {
		case !m.coarse:
			return maxDisjuncts
		case m.steps < maxSteps:
			return max(1, coarseDisjuncts/depth)
		}
		return 1
	}
}

// explore follows all paths from a state: finely, or where that takes too much, coarsely.
// Build makes the machine and the state, anew for each.
func (f *flow) explore(build func() (*machine, *state)) (*machine, []exit) {
	m, st := build()
	exits := m.run(st)
	if m.capped == "" || f.isSpent() {
		return m, exits
	}
	m, st = build()
	m.coarse, m.limit = true, coarseSteps
	return m, m.run(st)
}

// isSpent reports whether the work for the package has been done.
func (f *flow) isSpent() bool { return f.work > f.limit }

func (m *machine) count(n int) {
	m.steps += n
	m.flow.work += n
}

// entry returns the state in which the root function starts: nothing is known of
// its parameters.
func (m *machine) entry() *state {
	st := &state{of: m, heap: make(map[loc]value), facts: make(map[symID]*fact)}
	fr := m.newFrame(m.root)
	for _, p := range m.root.Params {
		fr.regs[p] = m.symbol(symKey{v: p}, symInfo{external: true})
	}
	for _, v := range m.root.FreeVars {
		s := m.symbol(symKey{v: v}, symInfo{external: true})
		fr.regs[v] = s
		st.setFact(s.id, fact{nilness: isNotNil}) // the address of a captured variable
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
