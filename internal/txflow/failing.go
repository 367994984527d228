package txflow

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A function that runs another one mostly says whether that has failed, in words of its own.

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
	for _, err := range errs {
		for _, r := range *err.Referrers() {
			if isNil, isNot := waysOf(r, err); isNil != nil {
				worked[isNil], failed[isNot] = true, true
			}
		}
	}
	works = true
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		err := ret.Results[len(ret.Results)-1]
		switch c, isConst := err.(*ssa.Const); {
		case isBelow(b, worked):
			works = works && isConst && c.IsNil()
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

// waysOf returns the blocks that a comparison of an error with nil leads to, where it is nil
// and where it is not, if nothing else leads there.
func waysOf(instr ssa.Instruction, err ssa.Value) (isNil, isNot *ssa.BasicBlock) {
	test, ok := instr.(*ssa.BinOp)
	if !ok || test.Op != token.EQL && test.Op != token.NEQ || test.X != err {
		return nil, nil
	}
	if c, ok := test.Y.(*ssa.Const); !ok || !c.IsNil() {
		return nil, nil
	}
	ifi, ok := test.Block().Instrs[len(test.Block().Instrs)-1].(*ssa.If)
	if !ok || ifi.Cond != ssa.Value(test) {
		return nil, nil
	}
	isNil, isNot = test.Block().Succs[0], test.Block().Succs[1]
	if test.Op == token.NEQ {
		isNil, isNot = isNot, isNil
	}
	if len(isNil.Preds) != 1 || len(isNot.Preds) != 1 {
		return nil, nil
	}
	return isNil, isNot
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
// that is given it, so that it is not nil if that is not.
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
