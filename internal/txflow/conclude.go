package txflow

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Which exits leave a transaction open that nobody else will end.

// conclude turns the exits of a run into leaks (T3).
func (f *flow) conclude(res *funcResult, m *machine, exits []exit) {
	var leaks []*Leak
	seen := make(map[ssa.Instruction]bool)
	m.noteTold(exits)
	for _, e := range exits {
		st := e.st
		carries := e.kind != panicked && (m.holds(st, agg{e.results}) || m.returnsOwner(e))
		if carries && !st.kept && !m.guessed(st, e.results) && (st.tx == open || st.tx == handedOver) || st.tx == handedOver && m.outer {
			res.opens = true
		}
		if st.tx != open || carries || st.uncertain() || seen[e.instr] || f.endedAround(m, e) || m.mayYieldIn(e) || m.leavesEndToOthers(e) {
			continue
		}
		if st.gathered != nil {
			m.lapses = append(m.lapses, *st.gathered)
			continue
		}
		if e.isPanic() && !f.opts.Panics {
			continue
		}
		seen[e.instr] = true
		leaks = append(leaks, f.exitLeak(m, e))
	}
	seenLapse := make(map[token.Pos]bool)
	for _, l := range m.lapses {
		if l.st.uncertain() || m.keepsElsewhere(l.st) {
			continue
		}
		for _, leak := range f.lapseLeaks(m, l) {
			if !seenLapse[leak.Pos] {
				seenLapse[leak.Pos] = true
				leaks = append(leaks, leak)
			}
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
	case m.ob.isOneRequest():
		return
	}
	if len(leaks) > 0 && f.discarded(m.ob) {
		leaks = leaks[:1]
		f.discard(m, leaks[0])
	}
	f.duty(m, leaks, exits)
	res.leaks = append(res.leaks, leaks...)
}

// guessed reports whether results carry the transaction only as code that is not in
// view may have put it there: no reason to hold callers to it.
func (m *machine) guessed(st *state, results []value) bool {
	return m.holds(st, agg{results}) && !m.reaches(st, agg{results}, func(v value) bool {
		h, ok := v.(holder)
		return isHandle(v) && !(ok && m.syms[h.id].guess && !m.syms[h.id].given)
	})
}

// isPanic reports whether a panic of no framework led to an exit, whoever recovered
// it (T5).
func (e exit) isPanic() bool { return e.kind == panicked || e.kind == recovered && !e.byDesign }

// returnsOwner reports whether an exit returns the transaction that a savepoint is
// part of.
func (m *machine) returnsOwner(e exit) bool {
	return m.ob.isSavepoint() && e.st.owner != 0 && m.reaches(e.st, agg{e.results}, func(v value) bool {
		s, ok := v.(symVal)
		return ok && s.id == e.st.owner
	})
}

// mayYieldIn reports whether an exit of a function which finishes nothing tells of no error
// and returns what only its instances know the type of: the transaction may be in there.
// Have: func Open[R any](db *sql.DB, bind func(*sql.Tx) R) (R, error) { ...; return bind(tx), nil }
func (m *machine) mayYieldIn(e exit) bool {
	if m.finishes || e.kind != returned {
		return false
	}
	generic := false
	for i, r := range e.results {
		t, nilness := m.root.Signature.Results().At(i).Type(), e.st.nilnessOf(r)
		if isErrorType(t) && nilness != isNil {
			return false
		}
		generic = generic || isTypeParam(pointerElem(t)) && nilness != isNil && m.mayBeMadeOf(r)
	}
	return generic
}

// mayBeMadeOf reports whether a value of a type that only instances know may have been made of
// the transaction: it is what a call has yielded, or a new object.
func (m *machine) mayBeMadeOf(v value) bool {
	s, ok := v.(symVal)
	if !ok {
		_, isNew := v.(addr)
		return isNew
	}
	_, isCall := m.syms[s.id].v.(*ssa.Call)
	return isCall
}

// endedAround reports whether an exit of a callback leaves the transaction to what runs
// the callback and ends what it is part of: a savepoint where an error is returned, or
// a transaction that was begun on a connection which is given back.
// Have: db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { sp, err := tx.Begin(); ... })
func (f *flow) endedAround(m *machine, e exit) bool {
	if e.st.owner == 0 || m.root.Parent() == nil {
		return false
	}
	p, ok := m.syms[e.st.owner].v.(*ssa.Parameter)
	if !ok || p.Parent() != m.root {
		return false
	}
	if !m.ob.isSavepoint() {
		return f.isManaged(m.root)
	}
	last := len(e.results) - 1
	return yieldsLastError(m.root.Signature) && last >= 0 && e.st.nilnessOf(e.results[last]) != isNil && f.isPassed(m.root)
}

// isPassed reports whether a function literal is an argument of a call.
func (f *flow) isPassed(fn *ssa.Function) bool {
	return f.passes(fn, func(*ssa.CallCommon) bool { return true })
}

// isManaged reports whether a function literal is the callback of a call that ends
// the transaction itself (T7).
func (f *flow) isManaged(fn *ssa.Function) bool {
	return f.passes(fn, func(call *ssa.CallCommon) bool {
		obj := calleeObject(call)
		if obj == nil {
			return false
		}
		role := f.protocols.Role(obj)
		return role != nil && role.Managed != nil
	})
}

// passes reports whether a function literal is an argument of such a call of the function
// around it.
func (f *flow) passes(fn *ssa.Function, is func(*ssa.CallCommon) bool) bool {
	if fn.Parent() == nil {
		return false
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !is(call.Common()) {
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
	i := ob.held.result
	if ob.open != nil && ob.origin == ssa.CallInstruction(ob.call) && ob.open.Handle.Kind == protocol.Result && ob.wrapped == nil {
		i = ob.open.Handle.Index
	}
	if i < 0 || !ob.held.known {
		return false
	}
	src := f.source(ob.call.Parent())
	expr := src.target(src.callOf(ob.call), i)
	if id, ok := expr.(*ast.Ident); ok {
		return id.Name == "_"
	}
	return expr == nil && len(*ob.call.Referrers()) == 0
}
