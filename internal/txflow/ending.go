package txflow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// An ending tells how the calls of a function end.
type ending uint8

const (
	mayReturn ending = iota
	quietEnd         // never returns: the process, the test or the goroutine ends
	panicEnd         // always panics
	abortEnd         // always panics, for a framework to recover
)

// endingOf tells whether a function of this package ever returns (T4, T5). A
// function that is reached again while it is looked at may return.
func (f *flow) endingOf(fn *ssa.Function) ending {
	if e, ok := f.endings[fn]; ok {
		return e
	}
	f.endings[fn] = mayReturn
	if len(fn.Blocks) == 0 || fn.Recover != nil {
		return mayReturn
	}
	e := quietEnd
	seen := map[*ssa.BasicBlock]bool{fn.Blocks[0]: true}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		switch out, end := f.blockEnding(b); {
		case out:
			e = max(e, end)
		case len(b.Succs) == 0:
			return mayReturn
		default:
			for _, s := range b.Succs {
				if !seen[s] {
					seen[s] = true
					work = append(work, s)
				}
			}
		}
	}
	f.endings[fn] = e
	return e
}

// blockEnding tells whether a block leaves its function other than by returning.
func (f *flow) blockEnding(b *ssa.BasicBlock) (out bool, _ ending) {
	for _, instr := range b.Instrs {
		switch instr := instr.(type) {
		case *ssa.Panic:
			if f.isAbort(instr) {
				return true, abortEnd
			}
			return true, panicEnd
		case *ssa.Call:
			if e := f.callEnding(instr); e != mayReturn {
				return true, e
			}
		}
	}
	return false, mayReturn
}

func (f *flow) callEnding(call *ssa.Call) ending {
	common := call.Common()
	if obj := calleeObject(common); obj != nil {
		if role := f.protocols.Role(obj); role != nil {
			switch role.Exit {
			case protocol.Process, protocol.Test:
				return quietEnd
			case protocol.Recovered:
				return abortEnd
			case protocol.Panicking:
				return panicEnd
			}
		}
	}
	if fn := common.StaticCallee(); fn != nil {
		return f.endingOf(declared(fn))
	}
	return mayReturn
}

// exitKind returns how a call with this ending leaves its function.
func (e ending) exitKind() exitKind {
	if e == abortEnd {
		return designed
	}
	return panicked
}

// isAbort reports whether a panic is one that a framework recovers by design.
func (f *flow) isAbort(instr *ssa.Panic) bool {
	v := instr.X
	for {
		switch w := v.(type) {
		case *ssa.MakeInterface:
			v = w.X
		case *ssa.ChangeInterface:
			v = w.X
		case *ssa.UnOp:
			g, ok := w.X.(*ssa.Global)
			return ok && g.Object() != nil && f.protocols.RecoveredValue(g.Object())
		default:
			return false
		}
	}
}
