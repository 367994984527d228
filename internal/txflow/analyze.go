package txflow

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A funcResult is what was found out about one function.
type funcResult struct {
	leaks []*Leak
	// opens: a call of the function may leave its caller with an open transaction.
	opens bool
	// begins are the transactions that it does so with, for declared functions.
	begins []Beginning
	// depth is how many functions were being analysed, this one among them, when it was
	// begun with; 0 once it is complete.
	depth int
}

// analyze follows every transaction that a function begins. Recursion is cut where
// a function is reached again while it is being analysed: it then opens nothing. What
// was found out on the strength of that is found out again when it is asked for later,
// so that it does not matter which function of a circle comes first.
func (f *flow) analyze(fn *ssa.Function) *funcResult {
	if res, ok := f.done[fn]; ok {
		if res.depth > 0 {
			f.assumed = min(f.assumed, res.depth)
		}
		return res
	}
	f.analyzing++
	res := &funcResult{depth: f.analyzing}
	f.done[fn] = res
	before := f.assumed
	f.assumed = reliesOnNone
	f.followBegins(fn, res)
	if f.assumed < res.depth && f.repeated[fn] < maxRepeats {
		f.repeated[fn]++
		delete(f.done, fn)
	}
	if f.assumed >= res.depth {
		f.assumed = reliesOnNone
	}
	f.assumed = min(f.assumed, before)
	res.depth = 0
	f.analyzing--
	return res
}

// maxRepeats bounds how often a function is analysed again.
const maxRepeats = 2

// followBegins follows the transactions that a function begins.
func (f *flow) followBegins(fn *ssa.Function, res *funcResult) {
	calls := f.begins(fn)
	before := f.newApproach(fn, calls)
	for _, call := range calls {
		for which := range max(1, f.beginsAt(call)) {
			obs := []*obligation{{fn: fn, call: call, which: which, before: before}}
			for i := 0; i < len(obs) && i < maxOthers; i++ {
				for _, only := range f.discharge(res, obs[i]) {
					if i == 0 {
						obs = append(obs, &obligation{fn: fn, call: call, which: which, only: only, before: before})
					}
				}
			}
		}
	}
	res.leaks = distinct(res.leaks)
}

// maxOthers bounds the transactions that one call is followed for.
const maxOthers = 8

// discharge follows one obligation, and returns further Begins that its call leads
// to, on the same paths.
func (f *flow) discharge(res *funcResult, ob *obligation) []site {
	m, exits := f.toExits(ob)
	opened := res.opens
	res.opens = false
	f.conclude(res, m, exits)
	f.explain(m, exits)
	if res.opens && ob.fn.Parent() == nil {
		f.collectBegins(res, ob)
	}
	res.opens = res.opens || opened
	if m.capped != "" {
		f.result.Capped = append(f.result.Capped, Trouble{ob.call.Pos(), m.capped})
		if f.opts.Debug {
			fmt.Fprintf(os.Stderr, "txcheck: %s: bound hit (%s): %s is not followed to the end\n",
				f.pass.Fset.Position(ob.call.Pos()), m.capped, ob.fn.Name())
		}
	}
	return m.others
}

// distinct drops leaks that would read alike: a call that begins one transaction
// or another leaves one at an exit.
func distinct(leaks []*Leak) (out []*Leak) {
	type text struct {
		begin, exit token.Pos
		name        string
	}
	seen := make(map[text]bool)
	for _, l := range leaks {
		key := text{l.BeginPos, l.Pos, l.Name()}
		if !seen[key] {
			seen[key] = true
			out = append(out, l)
		}
	}
	return out
}

// beginsAt returns how many transactions a call of a function of another package
// may open.
func (f *flow) beginsAt(call *ssa.Call) int {
	if fn := call.Common().StaticCallee(); fn != nil {
		return f.beginsOf(fn)
	}
	if call.Common().IsInvoke() {
		if impl := f.beginnerAt(call.Common()); impl != nil {
			if fn := f.prog.FuncValue(impl); fn != nil {
				return f.beginsOf(fn)
			}
			return f.importedBegins(impl)
		}
	}
	return 1
}

// collectBegins follows one Begin of a function again, now with what is known of
// the arguments, to tell callers when they get an open transaction, and where.
func (f *flow) collectBegins(res *funcResult, ob *obligation) {
	m, exits := f.explore(func() (*machine, *state) {
		m := newMachine(f, ob.fn, &obligation{fn: ob.fn, call: ob.call, which: ob.which, only: ob.only})
		m.keepParams = true
		return m, m.entry()
	})
	var b Beginning
	for _, e := range exits {
		if e.kind != returned && e.kind != recovered {
			continue
		}
		c := m.caseOf(e)
		if e.st.kept {
			c.Then = append(c.Then, filled(m.heldByParams(e.st))...)
			c.Holds = nil
		} else if c.Tx == open || c.Tx == handedOver {
			c.Holds = append(c.Holds, m.heldByParams(e.st)...)
			if m.born != nil && !m.finishes {
				c.Holds = append(c.Holds, Hold{At: *m.born})
			}
			c.Holds = append(c.Holds, m.heldByContexts(e)...)
		}
		c.Tx = unborn
		if len(c.Holds) > 0 {
			c.Tx = open
		}
		b.Cases = append(b.Cases, c)
	}
	b.Cases = reduceCases(b.Cases)
	b.Openings, b.Ctx, b.Chosen = f.openings(m.ob), m.ctx, len(m.choice) > 0
	if o := m.ob.open; o != nil {
		b.Level = o.Level
		if o.Err.Kind == protocol.OfHandle {
			b.ErrField = strings.Join(o.Err.Path, ".")
		}
	}
	res.begins = append(res.begins, b)
}

// mayOpen reports whether calling fn may leave the caller with an open transaction.
func (f *flow) mayOpen(fn *ssa.Function) bool {
	if len(fn.Blocks) == 0 {
		return false
	}
	if isWrapper(fn) {
		return len(f.begins(fn)) > 0
	}
	return f.analyze(fn).opens
}

// begins returns the calls in fn, and in the bodies of its ranges over functions,
// that open a transaction for it or may do so.
func (f *flow) begins(fn *ssa.Function) (calls []*ssa.Call) {
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		fn := work[0]
		work = work[1:]
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && f.isBegin(call) {
					calls = append(calls, call)
				}
			}
		}
		for _, anon := range fn.AnonFuncs {
			if isRangeBody(anon) {
				work = append(work, anon)
			}
		}
	}
	return calls
}

// isBegin reports whether a call opens a transaction: by its protocol, or because
// its callee, or a literal that it is given, may leave one open.
func (f *flow) isBegin(call *ssa.Call) bool {
	common := call.Common()
	obj := calleeObject(common)
	if obj != nil {
		if f.openOf(obj, common.IsInvoke()) != nil {
			return true
		}
	}
	if (common.IsInvoke() || common.StaticCallee() != nil) && f.beginsAt(call) > 0 && (obj == nil || f.protocols.Role(obj) == nil) {
		return !common.IsInvoke() || f.beginnerAt(common) != nil
	}
	if f.yieldsTx(common) || openByVariable(common) != nil {
		return true
	}
	if fn := f.alwaysIn(common.Value); fn != nil && f.mayOpen(fn) {
		return true
	}
	for _, a := range common.Args {
		if c, ok := a.(*ssa.MakeClosure); ok && !isRangeBody(c.Fn.(*ssa.Function)) && f.mayOpen(c.Fn.(*ssa.Function)) {
			return true
		}
	}
	return false
}

// yieldsTx reports whether a call of a variable yields a transaction: which function it is
// may be known on the paths that lead there.
// Have: begin := db.Begin; if readOnly { begin = func() (*sql.Tx, error) { ... } }
func (f *flow) yieldsTx(call *ssa.CallCommon) bool {
	if call.IsInvoke() || call.StaticCallee() != nil {
		return false
	}
	switch call.Value.(type) {
	case *ssa.Phi, *ssa.UnOp:
	default:
		return false
	}
	res := call.Signature().Results()
	return res.Len() > 0 && f.protocols.Handle(res.At(0).Type()) != nil
}

// calleeObject returns the declared function or interface method of a call.
func calleeObject(common *ssa.CallCommon) *types.Func {
	if common.IsInvoke() {
		return common.Method
	}
	fn := common.StaticCallee()
	if fn == nil || isWrapper(fn) {
		return nil
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	obj, _ := fn.Object().(*types.Func)
	return obj
}
