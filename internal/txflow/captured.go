package txflow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// capturedValue is what a function literal that is followed by itself knows of a variable
// which it shares with its function: what that has tested before it made the literal, where
// nothing is stored there afterwards. It is nil if that is nothing.
// Have: if err != nil { return err }; work := func() error { tx, _ := db.Begin(); if err != nil { … } … }
func capturedValue(v *ssa.FreeVar) value {
	variable, isLocal := bindingOf(v).(*ssa.Alloc)
	if !isLocal {
		return nil
	}
	made := onlyClosure(v.Parent())
	stores, ok := storesTo(variable, made)
	if !ok {
		return nil
	}
	if stores = beforeCalls(made, stores); len(stores) == 0 {
		return zero(pointerElem(variable.Type()), 1)
	}
	for b := made.Block(); b.Idom() != nil; b = b.Idom() {
		test, ok := b.Idom().Instrs[len(b.Idom().Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		for i, succ := range test.Block().Succs {
			if len(succ.Preds) != 1 || !succ.Dominates(made.Block()) || storesFrom(succ, stores) {
				continue
			}
			if known := testedValue(test, variable, stores, i == 0); known != nil {
				return known
			}
		}
	}
	return nil
}

// beforeCalls are the stores that may happen before a literal is called: all of them where
// it is not only called in its function.
// Have: func Do() (err error) { work := func() error { tx, _ := db.Begin(); if err != nil { … } … }; return work() }
func beforeCalls(made *ssa.MakeClosure, stores []*ssa.Store) (before []*ssa.Store) {
	for _, s := range stores {
		if slices.ContainsFunc(*made.Referrers(), func(r ssa.Instruction) bool {
			call, ok := r.(*ssa.Call)
			return !ok || call.Call.Value != ssa.Value(made) || comesBefore(s, call)
		}) {
			before = append(before, s)
		}
	}
	return before
}

// comesBefore reports whether a path leads from one instruction to another.
func comesBefore(first, then ssa.Instruction) bool {
	from, to := first.Block(), then.Block()
	if from == to && slices.Index(from.Instrs, first) < slices.Index(from.Instrs, then) {
		return true
	}
	at := map[*ssa.BasicBlock]bool{to: true}
	return slices.ContainsFunc(from.Succs, func(b *ssa.BasicBlock) bool { return leadsTo(b, at) })
}

// bindingOf returns what a literal that is made in one place shares under a name, nil if it is
// made in more.
func bindingOf(v *ssa.FreeVar) ssa.Value {
	made := onlyClosure(v.Parent())
	if made == nil {
		return nil
	}
	return made.Bindings[slices.Index(v.Parent().FreeVars, v)]
}

// onlyClosure returns the one place where a function literal is made, nil if there are more.
func onlyClosure(fn *ssa.Function) *ssa.MakeClosure {
	refs := fn.Referrers()
	if refs == nil || len(*refs) != 1 {
		return nil
	}
	made, _ := (*refs)[0].(*ssa.MakeClosure)
	return made
}

// calledOnce reports whether a literal is called in one place, at most once: what it writes
// itself is written after that.
// Have: work := func() error { if err != nil { ... }; err = tx.Commit(); return err }; return work()
func calledOnce(made *ssa.MakeClosure) bool {
	var calls []*ssa.Call
	for _, r := range *made.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			if r.Call.Value != ssa.Value(made) {
				return false
			}
			calls = append(calls, r)
		default:
			return false
		}
	}
	return len(calls) == 1 && !comesBefore(calls[0], calls[0])
}

// storesTo returns what stores to a variable before a literal is called, and whether that is
// all that may write it until then.
func storesTo(v *ssa.Alloc, literal *ssa.MakeClosure) (stores []*ssa.Store, ok bool) {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr != ssa.Value(v) {
				return nil, false
			}
			stores = append(stores, r)
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			if r == literal && calledOnce(r) {
				continue
			}
			for i, b := range r.Bindings {
				if b == ssa.Value(v) && !onlyRead(r.Fn.(*ssa.Function).FreeVars[i]) {
					return nil, false
				}
			}
		default:
			return nil, false
		}
	}
	return stores, true
}

// storesFrom reports whether one of some stores can be reached from a block.
func storesFrom(from *ssa.BasicBlock, stores []*ssa.Store) bool {
	at := make(map[*ssa.BasicBlock]bool)
	for _, s := range stores {
		at[s.Block()] = true
	}
	return leadsTo(from, at)
}

// leadsTo reports whether one of some blocks is a block, or can be reached from it.
func leadsTo(from *ssa.BasicBlock, at map[*ssa.BasicBlock]bool) bool {
	seen := map[*ssa.BasicBlock]bool{from: true}
	for work := []*ssa.BasicBlock{from}; len(work) > 0; work = work[1:] {
		if at[work[0]] {
			return true
		}
		for _, succ := range work[0].Succs {
			if !seen[succ] {
				seen[succ] = true
				work = append(work, succ)
			}
		}
	}
	return false
}

// testedValue is what a test that came out so tells of a variable, nil if nothing.
func testedValue(test *ssa.If, v *ssa.Alloc, stores []*ssa.Store, truth bool) value {
	cond := test.Cond
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, truth = not.X, !truth
	}
	switch cond := cond.(type) {
	case *ssa.UnOp:
		if isLoadOf(cond, v, test.Block(), stores) {
			return boolVal(truth)
		}
	case *ssa.BinOp:
		x, ifNil, ok := comparedToNil(cond)
		if !ok || !isLoadOf(x, v, test.Block(), stores) {
			return nil
		}
		if truth == ifNil {
			return nilVal{}
		}
		return nonNil{}
	}
	return nil
}

// isLoadOf reports whether a value is what a variable holds at the end of a block.
func isLoadOf(v ssa.Value, of *ssa.Alloc, b *ssa.BasicBlock, stores []*ssa.Store) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL || load.X != ssa.Value(of) || load.Block() != b {
		return false
	}
	after := false
	for _, instr := range b.Instrs {
		after = after || instr == ssa.Instruction(load)
		for _, s := range stores {
			if after && instr == ssa.Instruction(s) {
				return false
			}
		}
	}
	return true
}
