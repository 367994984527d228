package txflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// onlyUndone reports whether the transaction is ended in some cases, and left alone in
// the others.
func onlyUndone(cases []Case) bool {
	return slices.ContainsFunc(cases, func(c Case) bool { return c.Tx == finished }) &&
		!slices.ContainsFunc(cases, func(c Case) bool { return c.Tx == handedOver || c.Tx == open && len(c.Holds) > 0 })
}

// undoesError reports whether a method of one parameter, an error, rolls back what its
// receiver leads to wherever that is not nil, or a function what the context carries that it
// is given beside the error.
// Have: func (u *Unit) Done(err error) error; func Leave(ctx context.Context, err error) error
func (f *flow) undoesError(fn *ssa.Function, at Spot) bool {
	told := 1
	switch {
	case at.Index == 0 && takesError(fn.Signature):
	case at.Path == "" && isContext(fn.Params[at.Index].Type()):
		isError := func(p *ssa.Parameter) bool { return isErrorType(p.Type()) }
		if told = slices.IndexFunc(fn.Params, isError); told < 0 || slices.ContainsFunc(fn.Params[told+1:], isError) {
			return false
		}
	default:
		return false
	}
	m, st := f.given(fn, at)
	err, ok := st.top().regs[fn.Params[told]].(symVal)
	if !ok {
		return false
	}
	st.setFact(err.id, fact{nilness: isNotNil})
	for _, e := range m.run(st) {
		if (e.kind == returned || e.kind == recovered) && e.st.tx != finished {
			return false
		}
	}
	return m.capped == "" && !m.commits
}

// takesError reports whether all that a method is given is an error.
func takesError(sig *types.Signature) bool {
	return sig.Recv() != nil && sig.Params().Len() == 1 && !sig.Variadic() && isErrorType(sig.Params().At(0).Type())
}

// repeats reports whether a function that finishes transactions does no harm the
// second time: it changes nothing but flags of its receiver, and calls nothing but
// finishers of which that is known, and what only looks at their errors. What it makes
// nil it must ask about. It may log where it asks whether the transaction had been ended.
// Have: if u.tx != nil { u.tx.Rollback(); u.tx = nil }
func (f *flow) repeats(fn *ssa.Function) bool { return f.repeatsWithin(fn, maxRepeating) }

// maxRepeating is how many functions inside one another are looked into for that.
const maxRepeating = 3

func (f *flow) repeatsWithin(fn *ssa.Function, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if isOwnPlace(instr.Addr) {
					break
				}
				_, isConst := instr.Val.(*ssa.Const)
				if !isConst || !isFieldOfParam(instr.Addr) || isNilConst(instr.Val) && !comparesToNil(fn, instr.Addr.(*ssa.FieldAddr)) {
					return false
				}
			case *ssa.MapUpdate, *ssa.Send, *ssa.Go, *ssa.Defer, *ssa.Panic, *ssa.Select:
				return false
			case *ssa.Call:
				if !f.callRepeats(instr, depth) && !(logs(instr) && f.asksForEnd(fn)) {
					return false
				}
			}
		}
	}
	return true
}

// comparesToNil reports whether a function asks if such a field as that of an address is nil.
func comparesToNil(fn *ssa.Function, address *ssa.FieldAddr) bool {
	reads := func(v ssa.Value) bool {
		field, ok := loadedFrom(v).(*ssa.FieldAddr)
		return ok && field.Field == address.Field && types.Identical(field.X.Type(), address.X.Type())
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if cmp, ok := instr.(*ssa.BinOp); ok && (isNilConst(cmp.Y) && reads(cmp.X) || isNilConst(cmp.X) && reads(cmp.Y)) {
				return true
			}
		}
	}
	return false
}

// isOwnPlace reports whether an address is that of a local variable, or of a part of one.
func isOwnPlace(addr ssa.Value) bool {
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		addr = x.X
	case *ssa.IndexAddr:
		addr = x.X
	}
	_, local := addr.(*ssa.Alloc)
	return local
}

// logs reports whether a call prints or logs something.
func logs(call *ssa.Call) bool {
	callee := calleeObject(call.Common())
	if callee == nil || callee.Pkg() == nil {
		return false
	}
	switch callee.Pkg().Path() {
	case "log", "log/slog":
		return !strings.HasPrefix(callee.Name(), "Fatal") && !strings.HasPrefix(callee.Name(), "Panic")
	}
	return false
}

func (f *flow) callRepeats(call *ssa.Call, depth int) bool {
	callee := calleeObject(call.Common())
	if callee == nil || callee.Pkg() == nil {
		return false
	}
	if callee.Pkg().Path() == "errors" {
		return true
	}
	if role := f.protocols.Role(callee); role != nil {
		return role.Finish != nil && role.Finish.Again != "panic" && role.Finish.Again != "damages-outer"
	}
	if fn := call.Call.StaticCallee(); callee.Pkg() == f.pass.Pkg && fn != nil && len(fn.Blocks) > 0 {
		return f.repeatsWithin(fn, depth-1)
	}
	return false
}
