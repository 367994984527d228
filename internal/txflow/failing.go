package txflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A function that runs another one mostly says whether that has failed, in words of its own.
// One that is given an error to describe may find another one.

// failsWith reports whether fn yields an error, last, wherever a call in it has yielded one,
// and whether it works wherever that has.
// Have: if err := f(); err != nil { return fmt.Errorf("run: %w", err) }; return nil
func failsWith(fn *ssa.Function, instr ssa.Instruction) (fails, works bool) {
	call, ok := instr.(*ssa.Call)
	if !ok || !yieldsLastError(fn.Signature) || !yieldsLastError(call.Call.Signature()) {
		return false, false
	}
	errs := errorsOf(call)
	worked, failed := make(map[*ssa.BasicBlock]bool), make(map[*ssa.BasicBlock]bool)
	for _, b := range fn.Blocks {
		x, isNil, isNot := nilBranch(b)
		if slices.Contains(errs, x) && len(isNil.Preds) == 1 && len(isNot.Preds) == 1 {
			worked[isNil], failed[isNot] = true, true
		}
	}
	works = true
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		err := ret.Results[len(ret.Results)-1]
		switch {
		case isBelow(b, worked):
			works = works && isNilConst(err)
		case !isFailureOf(err, errs):
			return false, false
		case !isBelow(b, failed):
			works = works && slices.Contains(errs, err)
		}
	}
	return true, works
}

// errorsOf is what holds the last result of a call, an error.
func errorsOf(call *ssa.Call) (errs []ssa.Value) {
	n := call.Call.Signature().Results().Len()
	if n == 1 {
		return []ssa.Value{call}
	}
	for _, r := range *call.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == n-1 {
			errs = append(errs, x)
		}
	}
	return errs
}

// isBelow reports whether one of some blocks dominates a block.
func isBelow(b *ssa.BasicBlock, some map[*ssa.BasicBlock]bool) bool {
	for ; b != nil; b = b.Idom() {
		if some[b] {
			return true
		}
	}
	return false
}

// isFailureOf reports whether a value is one of some errors, or is made of one by a function
// that is given it, so that it is not nil if that is not; a new error never is.
// Have: return wrap(err); return errors.New("no luck")
func isFailureOf(v ssa.Value, errs []ssa.Value) bool {
	if slices.Contains(errs, v) {
		return true
	}
	made, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	if obj := calleeObject(made.Common()); obj != nil && (obj.FullName() == "fmt.Errorf" || obj.FullName() == "errors.New") {
		return true
	}
	return slices.ContainsFunc(made.Call.Args, func(a ssa.Value) bool { return slices.Contains(errs, a) })
}

// makesError reports whether a call is one of a literal that a function in view has made, and
// that stores to an error where there was none.
// Have: tx, done, err := s.begin(); …; defer done(&err)
func makesError(c *call, at addr) bool {
	i := slices.IndexFunc(c.args, func(a value) bool { return a == value(at) })
	literal := returnedLiteral(c.instr.Common().Value)
	if i < 0 || literal == nil || i >= len(literal.Params) {
		return false
	}
	errp := literal.Params[i]
	return slices.ContainsFunc(*errp.Referrers(), func(r ssa.Instruction) bool {
		s, ok := r.(*ssa.Store)
		return ok && s.Addr == ssa.Value(errp) && !failedBefore(s.Block(), errp)
	})
}

// returnedLiteral returns the one function literal that a call of a function in view yields
// as a value, nil if there is none.
func returnedLiteral(v ssa.Value) (literal *ssa.Function) {
	index := 0
	if e, ok := v.(*ssa.Extract); ok {
		v, index = e.Tuple, e.Index
	}
	made, ok := v.(*ssa.Call)
	if !ok || made.Call.StaticCallee() == nil {
		return nil
	}
	for _, b := range made.Call.StaticCallee().Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		switch res := ret.Results[index].(type) {
		case *ssa.Const:
		case *ssa.MakeClosure:
			if literal != nil && literal != res.Fn {
				return nil
			}
			literal = res.Fn.(*ssa.Function)
		default:
			return nil
		}
	}
	return literal
}

// failedBefore reports whether a block is only reached where the error at a pointer was not
// nil when it was tested.
func failedBefore(b *ssa.BasicBlock, errp *ssa.Parameter) bool {
	for ; b.Idom() != nil; b = b.Idom() {
		x, _, failed := nilBranch(b.Idom())
		if loadedFrom(x) == ssa.Value(errp) && len(failed.Preds) == 1 && failed.Dominates(b) {
			return true
		}
	}
	return false
}
