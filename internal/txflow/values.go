package txflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// What small functions yield and store where no transaction is in sight.

// valueBlocks is the size up to which that is worked out.
const valueBlocks = 60

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
	tells := slices.ContainsFunc(cases, func(c Case) bool { return len(c.Then) > 0 }) || len(cases) > 0 && f.guards(fn)
	if m.capped != "" || len(cases) > maxCases || !tells ||
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
// yields, or stores, or by returning at all.
func (f *flow) isTelling(fn *ssa.Function) bool {
	return tells(fn.Signature.Results()) || f.isFluent(fn.Signature) || f.isGetter(fn) || stores(fn) ||
		f.makesHolder(fn) || translates(fn) || makesObject(fn) || choosesType(fn) || f.guards(fn)
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
