package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Bounds of a summary.
const (
	maxCases    = 8  // cases kept apart for one use
	valueBlocks = 60 // size up to which results are worked out where no transaction is
)

// summarize infers the fact of a declared function, nil if it has nothing to say.
func (f *flow) summarize(fn *ssa.Function) *Summary {
	if len(fn.Blocks) == 0 {
		return nil
	}
	s := &Summary{Ends: f.endingOf(fn)}
	if s.Ends == mayReturn {
		res := f.analyze(fn)
		s.Begins = res.begins
		s.Uses = f.uses(fn)
		if s.Begins == nil { // their cases say it as well
			s.Errors = f.values(fn)
		}
		s.Runs = f.runs(fn)
		s.Makes = f.makes(fn)
		s.MakesAll = s.Makes && f.makesAll(fn)
		s.Looks = (s.Errors != nil || answersTo(fn)) && f.looks(fn)
	}
	if s.Ends == mayReturn && s.Begins == nil && s.Uses == nil && s.Errors == nil && s.Runs == nil && !s.Makes && !s.Looks {
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
	return false
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
		t, path = s.Field(i).Type(), rest
	}
	return t
}

// values runs a small function that yields an error with no transaction in sight,
// to find out when the error is nil.
func (f *flow) values(fn *ssa.Function) []Case {
	if cases, ok := f.errors[fn]; ok {
		return cases
	}
	f.errors[fn] = nil // recursion
	res := fn.Signature.Results()
	if len(fn.Blocks) > valueBlocks || !f.isTelling(fn) {
		return nil
	}
	m := newMachine(f, fn, &obligation{fn: fn})
	m.keepParams, m.limit = true, valueSteps
	var cases []Case
	for _, e := range m.run(m.entry()) {
		if e.kind != returned && e.kind != recovered {
			continue
		}
		for _, e := range m.eitherWay(e) {
			c := m.caseOf(e)
			c.Tx, c.Holds = unborn, nil
			cases = append(cases, c)
		}
	}
	if !translates(fn) {
		cases = withoutConstants(cases)
	}
	if len(cases) > maxCases {
		cases = withoutEffects(cases)
	}
	if len(cases) > maxCases {
		cases = weaken(cases, func(c *Case) { c.When = slices.DeleteFunc(c.When, Cond.isConst) })
	}
	if m.capped != "" || len(cases) > maxCases || !slices.ContainsFunc(cases, func(c Case) bool { return len(c.Then) > 0 }) ||
		slices.ContainsFunc(cases, func(c Case) bool { return len(c.Then) == 0 && len(c.When) == 0 }) {
		return nil
	}
	if res.Len() == 1 && len(cases) > 1 && !slices.ContainsFunc(cases, func(c Case) bool { return len(c.When) > 0 || len(c.Then) > 1 }) {
		return nil // it may be nil or not: that is no news
	}
	f.errors[fn] = cases
	return cases
}

// withoutTypes no longer tells what is in interfaces: in the package itself, the bodies do.
func withoutTypes(cases []Case) []Case {
	plain := slices.Clone(cases)
	for i := range plain {
		plain[i].Then = slices.DeleteFunc(slices.Clone(plain[i].Then), func(c Cond) bool { return c.Is == condType })
	}
	return plain
}

// isTelling reports whether a function is of a kind that may tell something by what it
// yields, or stores.
func (f *flow) isTelling(fn *ssa.Function) bool {
	return tells(fn.Signature.Results()) || f.isFluent(fn.Signature) || f.isGetter(fn) || stores(fn) ||
		f.makesHolder(fn) || translates(fn) || makesObject(fn) || choosesType(fn)
}

// eitherWay splits an exit that returns the answer to a question about the arguments.
// Have: return r.Err == nil
func (m *machine) eitherWay(e exit) []exit {
	for _, r := range e.results {
		c, ok := r.(cond)
		if !ok {
			continue
		}
		if _, ok := m.spotOf(c.x.(symVal).id); !ok {
			continue
		}
		yes, no := e, e
		yes.st, no.st = e.st.clone(), e.st.clone()
		if yes.st.assume(c, true) && no.st.assume(c, false) {
			return []exit{yes, no}
		}
	}
	return []exit{e}
}

// tells reports whether among the results is one that callers branch on.
func tells(res *types.Tuple) bool {
	for v := range res.Variables() {
		if isErrorType(v.Type()) {
			return true
		}
		if b, ok := types.Unalias(v.Type()).Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
			return true
		}
	}
	return false
}

// isFluent reports whether a method may return its receiver, which may hold a transaction.
func (f *flow) isFluent(sig *types.Signature) bool {
	return sig.Recv() != nil && sig.Results().Len() == 1 && f.mayHold(sig.Recv().Type()) &&
		types.Identical(sig.Recv().Type(), sig.Results().At(0).Type())
}

// stores reports whether a function without branches, or with few, stores in the memory of
// an argument what conditions are made of, or has another one do so.
// Have: func (s *State) Fail(err error) { s.Err = err }; func (s *State) Check(err error) { if err != nil { s.Fail(err) } }
func stores(fn *ssa.Function) bool {
	if len(fn.Blocks) > smallBlocks {
		return false
	}
	return storesItself(fn) || slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			call, ok := instr.(*ssa.Call)
			if !ok {
				return false
			}
			callee := call.Call.StaticCallee()
			return callee != nil && callee.Pkg == fn.Pkg && slices.ContainsFunc(call.Call.Args, isOfParam) && storesItself(callee)
		})
	})
}

func storesItself(fn *ssa.Function) bool {
	return len(fn.Blocks) <= smallBlocks && storesFlag(fn, isOfParam)
}

// isOfParam reports whether an address is a parameter, or of a field of what one leads to.
func isOfParam(address ssa.Value) bool {
	_, isParam := address.(*ssa.Parameter)
	return isParam || isFieldOfParam(address)
}

// choosesType reports whether a function without branches, or with few, puts what it yields
// into an interface.
// Have: func NewStore(db *sql.DB) Store { return &store{db} }
func choosesType(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	if res.Len() == 0 || len(fn.Blocks) > smallBlocks || !types.IsInterface(res.At(0).Type()) {
		return false
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if _, ok := ret.Results[0].(*ssa.MakeInterface); ok {
				return true
			}
		}
	}
	return false
}

// makesObject reports whether a function only yields a new object.
// Have: func NewProblem(status int) *Problem { return &Problem{Status: status} }
func makesObject(fn *ssa.Function) bool {
	if fn.Signature.Results().Len() != 1 || len(fn.Blocks) != 1 {
		return false
	}
	ret, ok := fn.Blocks[0].Instrs[len(fn.Blocks[0].Instrs)-1].(*ssa.Return)
	if !ok {
		return false
	}
	_, isNew := ret.Results[0].(*ssa.Alloc)
	return isNew
}

// translates reports whether a short function turns an error or a boolean into a number, a
// text or a pointer, or tells by a struct how it went.
// Have: func code(err error) int { if err != nil { return 500 }; return 200 }
func translates(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	if res.Len() != 1 || len(fn.Blocks) > smallBlocks {
		return false
	}
	t := res.At(0).Type()
	if _, isStruct := coreStruct(t); isStruct {
		return true
	}
	if len(fn.Blocks) < 2 {
		return false
	}
	switch types.Unalias(t).Underlying().(type) {
	case *types.Basic, *types.Pointer:
	default:
		if !isTypeParam(t) {
			return false
		}
	}
	return anyOf(fn.Signature.Params().Variables(), func(t types.Type) bool { return isErrorType(t) || isBool(t) })
}

// makesHolder reports whether a function makes an object that may hold a transaction.
func (f *flow) makesHolder(fn *ssa.Function) bool {
	res := fn.Signature.Results()
	return res.Len() == 1 && len(fn.Blocks) <= smallBlocks && f.mayHold(res.At(0).Type()) && f.makes(fn)
}

// hasEffects reports whether a case tells of the memory of arguments.
func (c Case) hasEffects() bool {
	return slices.ContainsFunc(c.Then, func(t Cond) bool { return !t.At.Result })
}

// isGetter reports whether a method only reads something plain of what may hold a
// transaction, or a number of anything.
// Have: func (s *Session) State() State { return s.state }
func (f *flow) isGetter(fn *ssa.Function) bool {
	sig := fn.Signature
	if sig.Recv() == nil || sig.Params().Len() > 0 || sig.Results().Len() != 1 || len(fn.Blocks) != 1 || slices.ContainsFunc(fn.Blocks[0].Instrs, isCall) {
		return false
	}
	t := sig.Results().At(0).Type()
	return isBasic(t) && f.mayHold(sig.Recv().Type()) || isInteger(t)
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
