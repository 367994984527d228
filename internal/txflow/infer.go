package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// maxCases bounds the cases that are kept apart for one use.
const maxCases = 8

// summarize infers the fact of a declared function, nil if it has nothing to say.
func (f *flow) summarize(fn *ssa.Function) *Summary {
	if len(fn.Blocks) == 0 {
		return nil
	}
	s := &Summary{Ends: f.endingOf(fn)}
	if s.Ends == mayReturn {
		res := f.analyze(fn)
		s.Begins = res.begins
		s.Uses, s.Lent = f.uses(fn), f.lentAsAny(fn)
		if s.Begins == nil { // their cases say it as well
			s.Errors = f.values(fn)
		}
		s.Runs = f.runs(fn)
		s.Makes = f.makes(fn)
		s.MakesAll = s.Makes && f.makesAll(fn)
		s.Looks = (s.Errors != nil || answersTo(fn)) && f.looks(fn)
	}
	if s.Ends == mayReturn && s.Begins == nil && s.Uses == nil && s.Lent == nil && s.Errors == nil && s.Runs == nil && !s.Makes && !s.Looks {
		return nil
	}
	return s
}

// uses are what fn does to the transactions that its callers may pass it.
func (f *flow) uses(fn *ssa.Function) (uses []Use) {
	var inContexts []Use // after those that speak of the transaction itself
	for _, at := range f.subjects(fn) {
		if isContext(fn.Params[at.Index].Type()) {
			if u := f.use(fn, at).ofContext(); len(u.Cases) > 0 {
				inContexts = append(inContexts, u)
			}
			continue
		}
		if f.onlyUses(fn.Params[at.Index]) {
			continue
		}
		if u := f.use(fn, at); len(u.Cases) > 0 {
			uses = append(uses, u)
		}
	}
	return append(uses, inContexts...)
}

// canBeTx reports whether a value of type t can be a transaction that a caller
// wants finished: a handle of a protocol, or an interface with Commit and Rollback.
func (f *flow) canBeTx(t types.Type) bool {
	if f.protocols.Handle(t) != nil {
		return true
	}
	iface, ok := types.Unalias(t).Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range iface.Methods() {
		if protocol.NamesEnd(m.Name()) {
			return true
		}
	}
	return f.isFace(t)
}

// use runs fn with an open transaction at a place of its arguments, and returns
// what it does to it, without cases if it only uses it.
func (f *flow) use(fn *ssa.Function, at Spot) Use {
	m, st := f.given(fn, at)
	var cases []Case
	for _, e := range m.run(st) {
		if e.kind != returned && e.kind != recovered {
			continue
		}
		for _, e := range m.eitherWay(e) {
			cases = append(cases, m.toldCase(e))
		}
	}
	if m.capped != "" {
		return Use{At: at, Cases: []Case{{Tx: unknown}}}
	}
	if !slices.ContainsFunc(cases, func(c Case) bool { return c.Tx != open || len(c.Holds) > 0 || c.hasEffects() }) {
		return Use{At: at}
	}
	cases = reduceCases(cases)
	uniform := !slices.ContainsFunc(cases, func(c Case) bool { return c.Tx != cases[0].Tx || len(c.Holds) > 0 || c.hasEffects() })
	u := Use{At: at}
	switch {
	case len(cases) == 0, uniform && cases[0].Tx == open:
		return u
	case uniform && cases[0].Tx == finished && !m.commits:
		u.Undoes = undoesAlways
	case f.undoesError(fn, at):
		u.Undoes = undoesError
	case !m.commits && onlyUndone(cases):
		u.Undoes = undoesMaybe
	}
	u.Repeats = u.Undoes != undoesNever && f.repeats(fn)
	u.Renews = m.finishes && !m.overlaps
	if u.Cases = cases; uniform {
		u.Cases = []Case{{Tx: cases[0].Tx}}
	}
	return u
}

// given is the beginning of fn with an open transaction at a place of its arguments.
func (f *flow) given(fn *ssa.Function, at Spot) (*machine, *state) {
	m := newMachine(f, fn, &obligation{fn: fn})
	m.keepParams, m.subject, m.limit = true, &at, summarySteps
	st := m.entry()
	st.tx = open
	m.plant(st, fn.Params[at.Index], at.Path)
	return m, st
}

// toldCase is caseOf for an exit that may hang on what no condition says: callers cannot
// know then whether they are left with the transaction, unless they see it by an error that
// they have not passed themselves.
func (m *machine) toldCase(e exit) Case {
	c := m.caseOf(e)
	if c.Tx != open || c.tellsFailure(m.root.Signature.Results()) && !m.wasFailing(c) {
		return c
	}
	params, memory := m.hangsOn(e.st)
	if memory {
		c.Tx = unknown
	}
	for i, p := range m.root.Params {
		if m.flow.isGivenTx(p) && !slices.Contains(params, i) {
			params = append(params, i)
		}
	}
	slices.Sort(params)
	c.Untold = params
	return c
}

// wasFailing reports whether a case comes out where an argument is an error already.
// Have: func (s *Session) End(err error) error { if s.depth--; s.depth > 0 { return err }; ... }
func (m *machine) wasFailing(c Case) bool {
	return slices.ContainsFunc(c.When, func(w Cond) bool {
		return w.At.Path == "" && w.Is == condNonNil && isErrorType(m.root.Params[w.At.Index].Type())
	})
}

// isGivenTx reports whether a parameter is a function that is called with a transaction.
func (f *flow) isGivenTx(p *ssa.Parameter) bool {
	return slices.ContainsFunc(*p.Referrers(), func(r ssa.Instruction) bool {
		call, ok := r.(ssa.CallInstruction)
		return ok && call.Common().Value == ssa.Value(p) &&
			slices.ContainsFunc(call.Common().Args, func(a ssa.Value) bool { return f.canBeTx(a.Type()) })
	})
}

func pointerElem(t types.Type) types.Type {
	if p, ok := types.Unalias(t).Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// typeAt returns the type of the field at a path of fields.
func typeAt(t types.Type, path string) types.Type {
	for path != "" {
		i, rest, ok := cutPath(path)
		s, isStruct := coreStruct(t)
		if !ok || !isStruct || i >= s.NumFields() {
			return t
		}
		if at, elem, ok := atomicPointer(t); ok && at == fieldPath("", i) {
			t, path = elem, rest
			continue
		}
		t, path = s.Field(i).Type(), rest
	}
	return t
}

// runs lists the parameters of function type that fn only ever calls.
func (f *flow) runs(fn *ssa.Function) (runs []Run) {
	for i, p := range fn.Params {
		if _, ok := types.Unalias(p.Type()).Underlying().(*types.Signature); !ok || p.Referrers() == nil {
			continue
		}
		var calls []ssa.Instruction
		only := true
		for _, r := range *p.Referrers() {
			call, ok := r.(ssa.CallInstruction)
			if _, isGo := r.(*ssa.Go); !ok || isGo || call.Common().Value != ssa.Value(p) {
				only = false
				break
			}
			calls = append(calls, r)
		}
		if only && len(calls) > 0 {
			r := Run{Param: i, Once: len(calls) == 1 && f.always(fn, calls[0].Block())}
			r.Returned = r.Once && returnsCall(fn, calls[0])
			if r.Once && !r.Returned {
				r.Fails, r.Works = failsWith(fn, calls[0])
			}
			runs = append(runs, r)
		}
	}
	return runs
}

// returnsCall reports whether fn returns just what a call in it yields.
func returnsCall(fn *ssa.Function, instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok || fn.Signature.Results().Len() == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		for i, r := range ret.Results {
			x, isExtract := r.(*ssa.Extract)
			if r != ssa.Value(call) && !(isExtract && x.Tuple == ssa.Value(call) && x.Index == i) {
				return false
			}
		}
	}
	return true
}

// always reports whether every path through fn executes block b exactly once.
func (f *flow) always(fn *ssa.Function, b *ssa.BasicBlock) bool {
	if f.info(fn).inLoop[b] {
		return false
	}
	for _, x := range fn.Blocks {
		if _, ok := x.Instrs[len(x.Instrs)-1].(*ssa.Return); ok && x != fn.Recover && !b.Dominates(x) {
			return false
		}
	}
	return true
}
