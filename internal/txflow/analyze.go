package txflow

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A funcResult is what was found out about one function.
type funcResult struct {
	leaks []*Leak
	// opens: a call of the function may leave its caller with an open transaction.
	opens bool
	// The rest is known where opens is set, and only for declared functions: the
	// cases in which it does, and what it leads to.
	begins           []Case
	opener, errField string
}

// analyze follows every transaction that a function begins. Recursion is cut where
// a function is reached again while it is being analysed: it then opens nothing.
func (f *flow) analyze(fn *ssa.Function) *funcResult {
	if res, ok := f.done[fn]; ok {
		return res
	}
	res := new(funcResult)
	f.done[fn] = res
	for _, call := range f.begins(fn) {
		ob := &obligation{fn: fn, call: call}
		m := newMachine(f, fn, ob)
		exits := m.run(m.entry())
		opened := res.opens
		res.opens = false
		f.conclude(res, m, exits)
		if res.opens && fn.Parent() == nil {
			f.collectBegins(res, ob)
		}
		res.opens = res.opens || opened
		if m.capped != "" && f.opts.Debug {
			fmt.Fprintf(os.Stderr, "txcheck: %s: bound hit (%s): %s is not followed to the end\n",
				f.pass.Fset.Position(call.Pos()), m.capped, fn.Name())
		}
	}
	return res
}

// collectBegins follows one Begin of a function again, now with what is known of
// the arguments, to tell callers when they get an open transaction, and where.
func (f *flow) collectBegins(res *funcResult, ob *obligation) {
	m := newMachine(f, ob.fn, &obligation{fn: ob.fn, call: ob.call})
	m.keepParams = true
	exits := m.run(m.entry())
	for _, e := range exits {
		if e.kind != returned && e.kind != recovered {
			continue
		}
		c := m.caseOf(e)
		if c.Tx == open || c.Tx == handedOver {
			c.Holds = append(c.Holds, m.heldByParams(e.st)...)
			if m.born != nil && !m.finishes {
				c.Holds = append(c.Holds, Hold{At: *m.born})
			}
		}
		if c.Tx = unborn; len(c.Holds) > 0 {
			c.Tx = open
		}
		res.begins = append(res.begins, c)
	}
	res.opener = f.openerText(m.ob)
	if m.ob.wrapped != "" {
		res.opener = m.ob.wrapped
	}
	if o := m.ob.open; o != nil && o.Err.Kind == protocol.OfHandle {
		res.errField = strings.Join(o.Err.Path, ".")
	}
}

// heldByParams lists the places below the arguments in which a path has stored
// the transaction.
func (m *machine) heldByParams(st *state) (holds []Hold) {
	for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
		root := m.cells[l.cell].root
		if root == 0 || !m.holds(st, st.heap[l]) {
			continue
		}
		if at, ok := m.spotOf(root); ok {
			at.Path += "*" + l.path
			holds = append(holds, Hold{At: at})
		}
	}
	return holds
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
	if obj := calleeObject(common); obj != nil {
		if role := f.protocols.Role(obj); role != nil && role.Open != nil {
			return role.Open.Level != protocol.Savepoint
		}
	}
	if fn := common.StaticCallee(); fn != nil {
		if o := fn.Origin(); o != nil {
			fn = o
		}
		if f.mayOpen(fn) {
			return true
		}
		if obj, ok := fn.Object().(*types.Func); ok && len(fn.Blocks) == 0 {
			var s Summary
			if f.pass.ImportObjectFact(obj, &s) && len(s.Begins) > 0 {
				return true
			}
		}
	}
	for _, a := range common.Args {
		if c, ok := a.(*ssa.MakeClosure); ok && f.mayOpen(c.Fn.(*ssa.Function)) {
			return true
		}
	}
	return false
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

// conclude turns the exits of a run into leaks.
func (f *flow) conclude(res *funcResult, m *machine, exits []exit) {
	var leaks []*Leak
	seen := make(map[ssa.Instruction]bool)
	for _, e := range exits {
		st := e.st
		carries := e.kind != panicked && m.holds(st, agg{e.results})
		if carries && (st.tx == open || st.tx == handedOver) || st.tx == handedOver && m.outer {
			res.opens = true
		}
		if st.tx != open || carries || st.vague || seen[e.instr] {
			continue
		}
		if e.kind == panicked && !f.opts.Panics {
			continue
		}
		seen[e.instr] = true
		leaks = append(leaks, f.exitLeak(m, e))
	}
	seenLapse := make(map[token.Pos]bool)
	for _, l := range m.lapses {
		if leak := f.lapseLeak(m, l); !l.st.vague && !seenLapse[leak.Pos] {
			seenLapse[leak.Pos] = true
			leaks = append(leaks, leak)
		}
	}
	switch {
	case m.ob.external && f.isManaged(m.root):
		return // whoever runs the literal ends what was begun on its parameter
	case m.ob.external && !m.finishes:
		res.opens = res.opens || m.begun
		return // handed back to the caller, who owns the value (T10)
	case m.finishes && isMain(m.root):
		return // returning from main ends the process
	}
	if len(leaks) > 0 && f.discarded(m.ob) {
		leaks = leaks[:1]
		f.discard(m, leaks[0])
	}
	f.duty(m, leaks, exits)
	res.leaks = append(res.leaks, leaks...)
}

// isManaged reports whether a function literal is the callback of a call that ends
// the transaction itself (T7).
func (f *flow) isManaged(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			obj := calleeObject(call.Common())
			if obj == nil {
				continue
			}
			role := f.protocols.Role(obj)
			if role == nil || role.Managed == nil {
				continue
			}
			for _, a := range call.Common().Args {
				if c, ok := a.(*ssa.MakeClosure); ok && c.Fn == ssa.Value(fn) || a == ssa.Value(fn) {
					return true
				}
			}
		}
	}
	return false
}

func isMain(fn *ssa.Function) bool {
	return fn.Name() == "main" && fn.Signature.Recv() == nil && fn.Parent() == nil && fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}

// discarded reports whether the transaction is thrown away where it is begun.
func (f *flow) discarded(ob *obligation) bool {
	if ob.open == nil || ob.origin != ssa.CallInstruction(ob.call) || ob.open.Handle.Kind != protocol.Result {
		return false
	}
	expr := f.source(ob.call.Parent()).target(f.source(ob.call.Parent()).callOf(ob.call), ob.open.Handle.Index)
	if id, ok := expr.(*ast.Ident); ok {
		return id.Name == "_"
	}
	return expr == nil && len(*ob.call.Referrers()) == 0
}
